DROP TABLE announcements;
DROP TABLE notices;
