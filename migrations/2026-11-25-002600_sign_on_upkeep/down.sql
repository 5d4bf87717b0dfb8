ALTER TABLE factor_challenges DROP COLUMN provider_id;
UPDATE sessions SET end_reason = 'revoked' WHERE end_reason IN ('provider_gone', 'sign_on_required');
ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check
    CHECK (end_reason IN ('signed_out', 'token_reused', 'revoked', 'password_changed'));
ALTER TABLE sessions DROP COLUMN provider_id;
ALTER TABLE organisation_domains DROP COLUMN missing_since;
