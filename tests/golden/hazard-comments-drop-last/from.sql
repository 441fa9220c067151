CREATE TABLE t (
  -- the first
  a TEXT, -- a, to go
  x TEXT DEFAULT /* why */ 'x' /* because */ NOT NULL -- x
  , -- odd
  z TEXT, -- z, to go
  CHECK (x <> 'z') /* a check, to go */
);
