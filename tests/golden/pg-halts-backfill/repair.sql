UPDATE t SET a = '6' WHERE a = 'x';
