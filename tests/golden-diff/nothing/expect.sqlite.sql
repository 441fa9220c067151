no differences
