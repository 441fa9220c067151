-- locks users: SHARE ROW EXCLUSIVE, for an instant
CREATE TABLE emails (
	id integer GENERATED ALWAYS AS IDENTITY,
	user_id integer NOT NULL,
	email text NOT NULL,
	CONSTRAINT pk_emails PRIMARY KEY (id),
	CONSTRAINT fk_emails_user_id_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- warning: drops the data in users.email
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN email;
