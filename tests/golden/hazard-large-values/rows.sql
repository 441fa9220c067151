INSERT INTO t VALUES (-9223372036854775808, char(0), 9e999, 9223372036854775807, zeroblob(5000)), (0, 'é' || char(10) || '日本', -1e-320, -1, CAST('x' AS BLOB)), (5, x'ff', 0.1, '12abc', 1);
