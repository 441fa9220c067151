CREATE TABLE t ( -- all the things
  id INTEGER PRIMARY KEY, -- the key, of course
  x TEXT, /* what it
  is */
  y   NUMERIC(10 , 2)   NOT NULL  DEFAULT 0, -- money, in euros
  z TEXT -- no comma behind this
  -- nor here
  , CONSTRAINT positive CHECK (y >= 0) -- never negative
) /* the end */;
