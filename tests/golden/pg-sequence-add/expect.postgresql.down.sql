-- warning: drops sequence s and the number it has come to
DROP SEQUENCE s;

-- warning: drops sequence s2 and the number it has come to
DROP SEQUENCE s2;
