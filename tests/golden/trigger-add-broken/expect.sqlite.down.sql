DROP TRIGGER users_new;
