DROP INDEX deliveries_contact_method_idx;
DROP TABLE vapid_keys;
DROP TABLE contact_codes_sent;
DROP TABLE contact_codes;
DROP TABLE contact_guesses;
DROP TABLE contact_links;
