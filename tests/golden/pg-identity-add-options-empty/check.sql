SELECT last_value, is_called FROM t_a_seq;
