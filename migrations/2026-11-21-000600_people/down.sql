DROP TABLE sign_in_attempts;
DROP TABLE denied_tokens;
UPDATE sessions SET end_reason = 'signed_out' WHERE end_reason IN ('revoked', 'password_changed');
ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check
    CHECK (end_reason IN ('signed_out', 'token_reused'));
ALTER TABLE sessions DROP COLUMN device, DROP COLUMN network, DROP COLUMN ip;
DROP TABLE account_links;
ALTER TABLE people DROP COLUMN verified_at;
