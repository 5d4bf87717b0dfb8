DROP TABLE inbound_seen;
