ALTER TABLE sessions DROP COLUMN country;
ALTER TABLE sessions DROP COLUMN city;
ALTER TABLE sessions DROP COLUMN latitude;
ALTER TABLE sessions DROP COLUMN longitude;

-- The network a session began in is the newest one known of its device.
ALTER TABLE sessions ADD COLUMN network text;
UPDATE sessions SET network = (
    SELECT known.network FROM known_devices AS known
    WHERE known.user_id = sessions.user_id AND known.agent = sessions.device
    ORDER BY known.last_seen_at DESC LIMIT 1);

CREATE TEMPORARY TABLE device_words (old text, new text) ON COMMIT DROP;
INSERT INTO device_words
SELECT program.old || '/' || system.old, program.new || coalesce(' on ' || nullif(system.new, ''), '')
FROM (VALUES ('edge', 'Edge'), ('opera', 'Opera'), ('samsung', 'Samsung Internet'), ('firefox', 'Firefox'),
             ('chrome', 'Chrome'), ('safari', 'Safari')) AS program (old, new)
CROSS JOIN (VALUES ('windows', 'Windows'), ('android', 'Android'), ('ios', 'iPhone'), ('ios', 'iPad'),
                   ('macos', 'Mac'), ('chromeos', 'ChromeOS'), ('linux', 'Linux'), ('other', '')) AS system (old, new);
INSERT INTO device_words VALUES ('python-requests', 'Python');
INSERT INTO known_devices (user_id, agent, network, last_seen_at)
SELECT known.user_id, words.old, known.network, max(known.last_seen_at)
FROM known_devices AS known JOIN device_words AS words ON words.new = known.agent
GROUP BY 1, 2, 3
ON CONFLICT (user_id, agent, network) DO NOTHING;
DELETE FROM known_devices USING device_words AS words WHERE words.new = agent;
DELETE FROM factor_challenges;

-- Wrong passwords of the last hour, by a keyed hash of the address that was typed, whether or not
-- somebody has it.
CREATE TABLE wrong_passwords (
    id uuid PRIMARY KEY,
    address_hash bytea NOT NULL,
    tried_at timestamptz NOT NULL
);
CREATE INDEX wrong_passwords_address_idx ON wrong_passwords (address_hash, tried_at);
ALTER TABLE sign_in_attempts DROP COLUMN wrong;
