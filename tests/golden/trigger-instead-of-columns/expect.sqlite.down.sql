DROP TRIGGER names_delete;

DROP TRIGGER names_update;
