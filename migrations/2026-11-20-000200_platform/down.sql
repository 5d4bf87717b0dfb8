DROP TABLE idempotency_keys;
DROP TABLE timers;
DROP TABLE jobs;
DROP TABLE outbox;
