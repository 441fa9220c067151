SELECT * FROM t; SELECT * FROM kid; SELECT * FROM grandkid;
