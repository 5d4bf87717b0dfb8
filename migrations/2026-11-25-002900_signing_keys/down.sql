DELETE FROM oauth_signing_keys WHERE id <> (SELECT id FROM oauth_signing_keys ORDER BY created_at DESC LIMIT 1);
ALTER TABLE oauth_signing_keys DROP COLUMN succeeds;
ALTER TABLE oauth_signing_keys
    ADD COLUMN one boolean NOT NULL DEFAULT true CONSTRAINT oauth_signing_keys_one_key UNIQUE CHECK (one);
