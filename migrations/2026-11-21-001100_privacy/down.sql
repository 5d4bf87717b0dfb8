DROP TABLE retention_rules, consents, policies, erasures, data_exports;
