UPDATE t SET a = 7 WHERE a < 0;
