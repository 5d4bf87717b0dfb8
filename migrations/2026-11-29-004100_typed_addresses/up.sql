-- A test goes to an address that somebody has typed in: it is nobody's contact method, and what a list shows of it is
-- not the address. So it travels with the message, and only until that has left.
ALTER TABLE deliveries
    -- personal: where a test is sent to, sealed (`typed address <id>`).
    ADD COLUMN typed_address bytea;
