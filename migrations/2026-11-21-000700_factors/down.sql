ALTER TABLE organisations DROP COLUMN requires_second_factor;
DROP TABLE wrong_passwords;
DROP TABLE known_devices;
DROP TABLE factor_challenges;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
DROP TABLE totp_secrets;
