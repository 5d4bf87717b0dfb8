-- One count of wrong passwords and one register of known devices; where on the map sessions are.

-- Wrong passwords in a row, until a session begins: beside the failures that make the next try wait. What
-- the other table held counted for an hour, under another key: it is not carried over.
ALTER TABLE sign_in_attempts ADD COLUMN wrong integer NOT NULL DEFAULT 0;
UPDATE sign_in_attempts SET wrong = failures;
DROP TABLE wrong_passwords;

-- Devices are called as in the list of sessions: `Chrome on Windows` instead of `chrome/windows`.
CREATE TEMPORARY TABLE device_words (old text, new text) ON COMMIT DROP;
INSERT INTO device_words
SELECT program.old || '/' || system.old, program.new || coalesce(' on ' || nullif(system.new, ''), '')
FROM (VALUES ('edge', 'Edge'), ('opera', 'Opera'), ('samsung', 'Samsung Internet'), ('firefox', 'Firefox'),
             ('chrome', 'Chrome'), ('safari', 'Safari')) AS program (old, new)
CROSS JOIN (VALUES ('windows', 'Windows'), ('android', 'Android'), ('ios', 'iPhone'), ('macos', 'Mac'),
                   ('chromeos', 'ChromeOS'), ('linux', 'Linux'), ('other', '')) AS system (old, new);
INSERT INTO device_words VALUES ('python-requests', 'Python');

INSERT INTO known_devices (user_id, agent, network, last_seen_at)
SELECT known.user_id, words.new, known.network, max(known.last_seen_at)
FROM known_devices AS known JOIN device_words AS words ON words.old = known.agent AND words.new <> words.old
GROUP BY 1, 2, 3
ON CONFLICT (user_id, agent, network) DO NOTHING;
DELETE FROM known_devices USING device_words AS words WHERE words.old = agent AND words.new <> words.old;
-- Sessions knew devices and networks by themselves: they go into the one register.
INSERT INTO known_devices (user_id, agent, network, last_seen_at)
SELECT user_id, device, network, max(last_used_at) FROM sessions WHERE network IS NOT NULL
GROUP BY 1, 2, 3
ON CONFLICT (user_id, agent, network) DO UPDATE
SET last_seen_at = greatest(known_devices.last_seen_at, excluded.last_seen_at);
ALTER TABLE sessions DROP COLUMN network;
-- Questions last minutes: those asked in the old words cannot be answered any more.
DELETE FROM factor_challenges;

-- personal: where the session was last used, to a tenth of a degree
ALTER TABLE sessions ADD COLUMN country text CHECK (char_length(country) = 2);
ALTER TABLE sessions ADD COLUMN city text;
ALTER TABLE sessions ADD COLUMN latitude double precision;
ALTER TABLE sessions ADD COLUMN longitude double precision;
-- Where somebody was last, also when they have signed out since.
CREATE INDEX sessions_located_idx ON sessions (user_id) WHERE latitude IS NOT NULL;
