-- locks codes: ACCESS EXCLUSIVE, for an instant
ALTER TABLE codes RENAME COLUMN short TO code;
