CREATE TYPE mood AS ENUM ('it''s', '"q"', '');
