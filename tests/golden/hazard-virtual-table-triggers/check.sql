SELECT rowid, x FROM docs WHERE docs MATCH 'apple';
