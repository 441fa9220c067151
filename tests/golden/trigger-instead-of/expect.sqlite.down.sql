DROP TRIGGER names_insert;
