ALTER TYPE role ADD VALUE 'guest' AFTER 'admin';
