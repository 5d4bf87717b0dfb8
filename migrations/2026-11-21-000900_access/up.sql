-- Who may do what in an organisation: invitations, custom roles, teams, grants, API keys, and from
-- which networks members act.

-- Roles an organisation puts together itself. A member who carries one has `client`, the least of the
-- built-in roles, as their base; what they may do is what the custom role says.
CREATE TABLE roles (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    permissions text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT roles_org_key UNIQUE (org_id, id)
);
CREATE UNIQUE INDEX roles_name_key ON roles (org_id, lower(name));

ALTER TABLE members
    ADD COLUMN custom_role_id uuid,
    ADD CONSTRAINT members_custom_role_fkey FOREIGN KEY (org_id, custom_role_id) REFERENCES roles (org_id, id),
    ADD CONSTRAINT members_custom_role_check CHECK (custom_role_id IS NULL OR role = 'client');
CREATE INDEX members_custom_role_idx ON members (custom_role_id) WHERE custom_role_id IS NOT NULL;

CREATE TABLE teams (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT teams_org_key UNIQUE (org_id, id)
);
CREATE UNIQUE INDEX teams_name_key ON teams (org_id, lower(name));

-- Whoever leaves the organisation leaves its teams.
CREATE TABLE team_members (
    org_id uuid NOT NULL,
    team_id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT team_members_pkey PRIMARY KEY (team_id, user_id),
    CONSTRAINT team_members_team_fkey FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id) ON DELETE CASCADE,
    CONSTRAINT team_members_member_fkey FOREIGN KEY (org_id, user_id) REFERENCES members ON DELETE CASCADE
);
CREATE INDEX team_members_user_idx ON team_members (org_id, user_id);

-- Roles beside a member's own: for the whole organisation, one event or one venue. Events and venues are
-- another area's, hence no reference: a grant for what is gone reaches nothing.
CREATE TABLE grants (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    user_id uuid,
    team_id uuid,
    role text NOT NULL CHECK (role IN ('admin', 'operator', 'box_office', 'scanner', 'viewer', 'client')),
    custom_role_id uuid,
    scope_kind text NOT NULL CHECK (scope_kind IN ('organisation', 'event', 'venue')),
    scope_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(user_id, team_id) = 1),
    CHECK (custom_role_id IS NULL OR role = 'client'),
    CHECK ((scope_kind = 'organisation') = (scope_id IS NULL)),
    CONSTRAINT grants_same_key UNIQUE NULLS NOT DISTINCT
        (org_id, user_id, team_id, role, custom_role_id, scope_kind, scope_id),
    CONSTRAINT grants_member_fkey FOREIGN KEY (org_id, user_id) REFERENCES members ON DELETE CASCADE,
    CONSTRAINT grants_team_fkey FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id) ON DELETE CASCADE,
    CONSTRAINT grants_custom_role_fkey FOREIGN KEY (org_id, custom_role_id) REFERENCES roles (org_id, id)
);
CREATE INDEX grants_team_idx ON grants (team_id) WHERE team_id IS NOT NULL;

-- What each member may do, read with each of their requests.
CREATE VIEW member_rights AS
SELECT member.org_id, member.user_id, member.role, member.created_at,
       custom.id AS custom_role_id, custom.name AS custom_role_name, custom.permissions AS custom_permissions,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'role', g.role, 'permissions', granted.permissions, 'scope', g.scope_kind, 'id', g.scope_id,
                   -- What a narrowed grant reaches: the event, or the organisation's events at the venue.
                   'events', (SELECT coalesce(jsonb_agg(e.id), '[]') FROM events AS e
                               WHERE e.org_id = g.org_id
                                 AND ((g.scope_kind = 'event' AND e.id = g.scope_id)
                                   OR (g.scope_kind = 'venue' AND e.venue_id = g.scope_id))),
                   'venue', CASE WHEN g.scope_kind = 'venue' THEN g.scope_id ELSE
                            (SELECT e.venue_id FROM events AS e WHERE e.id = g.scope_id) END)), '[]')
          FROM grants AS g
          LEFT JOIN roles AS granted ON granted.id = g.custom_role_id
         WHERE g.org_id = member.org_id
           AND (g.user_id = member.user_id OR g.team_id IN (
               SELECT t.team_id FROM team_members AS t
                WHERE t.org_id = member.org_id AND t.user_id = member.user_id))) AS grants
  FROM members AS member
  LEFT JOIN roles AS custom ON custom.id = member.custom_role_id;

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    -- personal: somebody's address; forgotten 30 days after the invitation is over.
    email text NOT NULL CHECK (char_length(email) <= 254),
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'operator', 'box_office', 'scanner', 'viewer', 'client')),
    custom_role_id uuid,
    team_ids uuid[] NOT NULL DEFAULT '{}',
    -- SHA-256 of the link's secret.
    token_hash bytea NOT NULL CONSTRAINT invitations_token_key UNIQUE,
    invited_by uuid REFERENCES people,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    CHECK (custom_role_id IS NULL OR role = 'client'),
    CONSTRAINT invitations_custom_role_fkey FOREIGN KEY (org_id, custom_role_id) REFERENCES roles (org_id, id)
);
CREATE UNIQUE INDEX invitations_open_key ON invitations (org_id, lower(email))
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    permissions text[] NOT NULL,
    -- CIDR; empty means from everywhere.
    networks text[] NOT NULL DEFAULT '{}',
    created_by uuid REFERENCES people,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);
CREATE INDEX api_keys_org_idx ON api_keys (org_id, id);

-- The secrets of a key: after a rotation two for a while.
CREATE TABLE api_key_secrets (
    -- SHA-256 of the secret; it is random, so no slow hash is needed.
    hash bytea PRIMARY KEY,
    key_id uuid NOT NULL REFERENCES api_keys ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Set by a rotation.
    ends_at timestamptz
);
CREATE UNIQUE INDEX api_key_secrets_present_key ON api_key_secrets (key_id) WHERE ends_at IS NULL;
CREATE INDEX api_key_secrets_key_idx ON api_key_secrets (key_id);

CREATE TABLE api_key_uses (
    key_id uuid NOT NULL REFERENCES api_keys ON DELETE CASCADE,
    day date NOT NULL,
    requests bigint NOT NULL CHECK (requests > 0),
    CONSTRAINT api_key_uses_pkey PRIMARY KEY (key_id, day)
);

-- From where members may act; CIDR, empty means from everywhere.
ALTER TABLE organisations ADD COLUMN allowed_networks text[] NOT NULL DEFAULT '{}';
