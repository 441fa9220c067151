ALTER TYPE mood ADD VALUE 'dead' BEFORE 'sad';
