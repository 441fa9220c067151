CREATE TABLE t ( -- all the things
  id INTEGER PRIMARY KEY, -- the key, of course
  x TEXT, -- to go
  y TEXT, -- to stay
  z TEXT -- the last
);
