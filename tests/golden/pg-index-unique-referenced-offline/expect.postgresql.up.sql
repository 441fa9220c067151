-- locks t and p: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t_a_p;

-- locks p: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_p;
-- locks p: SHARE and scans it
CREATE UNIQUE INDEX ix_p ON p (a) INCLUDE (b);

-- locks t and p: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT fk_t_a_p FOREIGN KEY (a) REFERENCES p (a);
