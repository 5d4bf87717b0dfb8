DROP TABLE delivery_attachments;
DROP TABLE deliveries;
