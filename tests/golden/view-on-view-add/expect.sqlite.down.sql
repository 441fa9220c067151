DROP VIEW a_top;

DROP VIEW z_base;
