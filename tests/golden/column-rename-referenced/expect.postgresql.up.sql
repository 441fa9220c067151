-- locks codes: ACCESS EXCLUSIVE, for an instant
ALTER TABLE codes RENAME COLUMN code TO short;
