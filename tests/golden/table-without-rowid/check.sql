SELECT * FROM pairs;
