CREATE TABLE emails (
  id INTEGER PRIMARY KEY,
  user_id integer NOT NULL,
  email text NOT NULL,
  CONSTRAINT fk_emails_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- warning: drops the data in users.email
ALTER TABLE users DROP COLUMN email;
