ALTER TYPE humour RENAME TO mood;
