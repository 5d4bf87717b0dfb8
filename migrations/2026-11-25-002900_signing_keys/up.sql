-- Keys that sign ID tokens follow one another; each has one successor at most, so that of two processes
-- that make the next one at once, one is late.
ALTER TABLE oauth_signing_keys DROP COLUMN one;
ALTER TABLE oauth_signing_keys ADD COLUMN succeeds uuid CONSTRAINT oauth_signing_keys_one_successor UNIQUE NULLS NOT DISTINCT;
