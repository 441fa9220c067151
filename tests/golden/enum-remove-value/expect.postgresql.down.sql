ALTER TYPE role ADD VALUE 'admin' AFTER 'user';
