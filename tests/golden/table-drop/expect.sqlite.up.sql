-- schemadiff:foreign-keys off

-- warning: drops table posts and its rows
DROP TABLE posts;
