ALTER TYPE mood ADD VALUE 'so so' AFTER 'sad';
ALTER TYPE mood ADD VALUE 'it''s fine' AFTER 'so so';
