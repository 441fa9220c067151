-- warning: drops the data in users.z
ALTER TABLE users DROP COLUMN z;

-- warning: drops the data in users.b
ALTER TABLE users DROP COLUMN b;

-- warning: drops the data in users.a
ALTER TABLE users DROP COLUMN a;
