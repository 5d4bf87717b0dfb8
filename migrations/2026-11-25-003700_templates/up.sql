-- Letters in an organisation's own words. A template has versions; letters are written by the one that is
-- published, or by two of them for as long as they are compared.

CREATE TABLE message_templates (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organisations,
    -- Which letter: `order_paid`.
    kind text NOT NULL,
    name text NOT NULL,
    -- The language of those whose own is missing.
    default_locale text NOT NULL DEFAULT 'en',
    -- None: Ringside's own letter is sent.
    published_id uuid,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT message_templates_kind_key UNIQUE (org_id, kind)
);

CREATE TABLE template_versions (
    id uuid PRIMARY KEY,
    template_id uuid NOT NULL REFERENCES message_templates ON DELETE CASCADE,
    number integer NOT NULL,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'retired')),
    -- Counts the times it was saved.
    revision integer NOT NULL DEFAULT 1,
    -- What its authors wrote: blocks, by language.
    content jsonb NOT NULL,
    -- What is made of it when it is saved: subject, page and text, by language. Complete languages only.
    compiled jsonb NOT NULL,
    -- personal: who saved it last.
    author_id uuid REFERENCES people,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    published_at timestamptz,
    CONSTRAINT template_versions_number_key UNIQUE (template_id, number),
    CONSTRAINT template_versions_published_check CHECK ((state = 'draft') = (published_at IS NULL))
);
CREATE UNIQUE INDEX template_versions_draft_key ON template_versions (template_id) WHERE state = 'draft';
ALTER TABLE message_templates
    ADD CONSTRAINT message_templates_published_fkey FOREIGN KEY (published_id) REFERENCES template_versions;

CREATE TABLE template_experiments (
    id uuid PRIMARY KEY,
    template_id uuid NOT NULL REFERENCES message_templates ON DELETE CASCADE,
    first_id uuid NOT NULL REFERENCES template_versions ON DELETE CASCADE,
    second_id uuid NOT NULL REFERENCES template_versions ON DELETE CASCADE,
    -- How many letters of a hundred the second writes.
    share smallint NOT NULL CHECK (share BETWEEN 1 AND 99),
    measure text NOT NULL CHECK (measure IN ('open', 'click')),
    -- How many letters each must have sent before anything is decided.
    enough integer NOT NULL CHECK (enough > 0),
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'decided', 'undecided', 'stopped')),
    winner_id uuid REFERENCES template_versions ON DELETE CASCADE,
    started_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- When the rates were compared for the first time.
    looked_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT template_experiments_ended_check CHECK ((state = 'running') = (ended_at IS NULL)),
    CONSTRAINT template_experiments_winner_check CHECK ((state = 'decided') = (winner_id IS NOT NULL))
);
CREATE UNIQUE INDEX template_experiments_running_key ON template_experiments (template_id) WHERE state = 'running';
CREATE INDEX template_experiments_template_idx ON template_experiments (template_id, id DESC);

-- None: Ringside's own letter, or a test.
ALTER TABLE deliveries ADD COLUMN template_version_id uuid REFERENCES template_versions ON DELETE SET NULL;
CREATE INDEX deliveries_template_version_idx ON deliveries (template_version_id)
    WHERE template_version_id IS NOT NULL;

-- What a reader did with a letter: the first time counts, so there is one row of each kind.
CREATE TABLE delivery_events (
    delivery_id uuid NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    -- personal: that they opened it, or followed a link.
    kind text NOT NULL CHECK (kind IN ('open', 'click')),
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (delivery_id, kind)
);
