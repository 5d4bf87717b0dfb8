DROP TABLE delivery_events;
ALTER TABLE deliveries DROP COLUMN template_version_id;
DROP TABLE template_experiments;
ALTER TABLE message_templates DROP CONSTRAINT message_templates_published_fkey;
DROP TABLE template_versions;
DROP TABLE message_templates;
