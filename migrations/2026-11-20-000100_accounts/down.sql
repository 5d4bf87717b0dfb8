DROP TABLE refresh_tokens, sessions, members, people, organisations;
