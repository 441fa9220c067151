UPDATE t SET a = id;
