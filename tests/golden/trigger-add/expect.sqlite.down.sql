DROP TRIGGER users_new;

DROP TRIGGER users_older;
