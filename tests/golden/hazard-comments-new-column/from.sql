CREATE TABLE t ( -- all the things
  id INTEGER PRIMARY KEY, -- the key, of course
  x TEXT, -- the x
  y TEXT /* the
    y */ , -- and more
  CONSTRAINT some CHECK (x <> y) -- they differ
  -- the end
);
