CREATE TABLE t (a TEXT, /* the b */ b TEXT, x TEXT /* the x */, y TEXT /* the end */)
