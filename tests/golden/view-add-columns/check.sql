SELECT who, "how old" FROM names ORDER BY 1;
