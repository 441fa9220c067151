-- warning: drops sequence s and the number it has come to
DROP SEQUENCE s;
