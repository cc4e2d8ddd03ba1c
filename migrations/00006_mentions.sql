-- +goose Up
-- Where Griot reads what is said to a brand: how far it has read an account, and when it looks next.
CREATE TABLE sources (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    team_id    TEXT NOT NULL REFERENCES teams (id),
    cursor     TEXT NOT NULL,        -- the connector's own; empty: nothing was read yet
    next_at    TIMESTAMPTZ NOT NULL, -- when it is read next
    read_at    TIMESTAMPTZ,          -- when it was last read well
    failures   BIGINT NOT NULL,      -- in a row
    said       TEXT NOT NULL         -- the network's own words, when it was last not read
);
CREATE INDEX sources_next ON sources (next_at);

-- What decides about a mention, in the order of position: the first one that fits.
CREATE TABLE rules (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    brand_id   TEXT NOT NULL REFERENCES brands (id),
    position   BIGINT NOT NULL, -- from 1, without gaps
    name       TEXT NOT NULL,
    conditions TEXT NOT NULL,   -- JSON of social.Condition
    effects    TEXT NOT NULL,   -- JSON of social.Effects
    rev        BIGINT NOT NULL
);
CREATE INDEX rules_brand ON rules (brand_id, position);
CREATE UNIQUE INDEX rules_name ON rules (brand_id, LOWER(name));

-- One card for many mentions of one rule that came in a rush.
CREATE TABLE gatherings (
    id       TEXT PRIMARY KEY,
    team_id  TEXT NOT NULL REFERENCES teams (id),
    brand_id TEXT NOT NULL REFERENCES brands (id),
    rule_id  TEXT NOT NULL,        -- empty: no rule fitted
    name     TEXT NOT NULL,        -- of the rule, as it was then
    channel  TEXT NOT NULL,        -- JSON of social.Room, as it was then
    number   BIGINT NOT NULL,      -- mentions in it
    began_at TIMESTAMPTZ NOT NULL,
    last_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX gatherings_rule ON gatherings (brand_id, rule_id, last_at);

CREATE TABLE mentions (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    brand_id   TEXT NOT NULL REFERENCES brands (id),
    account_id TEXT REFERENCES accounts (id), -- on which it was read; NULL: somebody brought it from a chat
    network    TEXT NOT NULL,   -- of the account; of one that was brought the chat
    key        TEXT NOT NULL,   -- of the item in its network, on whatever account it was read
    remote     TEXT NOT NULL,   -- JSON: what an answer needs
    kind       TEXT NOT NULL,
    author     TEXT NOT NULL,   -- JSON
    handle     TEXT NOT NULL,   -- of the author, folded, to find them again
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    language   TEXT NOT NULL,   -- two letters; empty: not known
    url        TEXT NOT NULL,
    said_at    TIMESTAMPTZ NOT NULL,
    heard_at   TIMESTAMPTZ NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('new', 'claimed', 'escalated', 'answered', 'ignored', 'done')),
    owner      TEXT REFERENCES members (id),
    owned_at   TIMESTAMPTZ,
    free_at    TIMESTAMPTZ,     -- when a claim ends by itself
    late_at    TIMESTAMPTZ,     -- when it is late, while it waits for somebody
    rule_id    TEXT NOT NULL,   -- empty: no rule fitted
    rule_name  TEXT NOT NULL,   -- as it was then
    channel    TEXT NOT NULL,   -- JSON of social.Room; empty workspace: the brand's channels for mentions
    label      TEXT NOT NULL,
    priority   BIGINT NOT NULL,
    muted      BOOLEAN NOT NULL,
    gathering  TEXT REFERENCES gatherings (id), -- the card that shows it; NULL: its own
    note       TEXT NOT NULL,   -- why it was handed over
    answer     TEXT NOT NULL,   -- id of the post that answers it; empty: none
    suggesting BOOLEAN NOT NULL, -- suggestions are on their way
    rev        BIGINT NOT NULL,
    UNIQUE (brand_id, network, key)
);
CREATE INDEX mentions_state ON mentions (brand_id, state, heard_at, id);
CREATE INDEX mentions_late ON mentions (brand_id, late_at, id) WHERE late_at IS NOT NULL;
CREATE INDEX mentions_owner ON mentions (owner, heard_at, id) WHERE state IN ('claimed', 'escalated');
CREATE INDEX mentions_heard ON mentions (brand_id, heard_at, id);
CREATE INDEX mentions_rule ON mentions (brand_id, rule_id, heard_at) WHERE gathering IS NULL AND NOT muted;
CREATE INDEX mentions_gathering ON mentions (gathering, heard_at) WHERE gathering IS NOT NULL;
CREATE INDEX mentions_held ON mentions (free_at) WHERE free_at IS NOT NULL;

-- What Griot proposes to answer.
CREATE TABLE suggestions (
    mention_id TEXT NOT NULL REFERENCES mentions (id),
    number     BIGINT NOT NULL, -- from 1
    team_id    TEXT NOT NULL REFERENCES teams (id),
    text       TEXT NOT NULL,
    basis      TEXT NOT NULL,   -- what it rests on
    source     TEXT NOT NULL,   -- words of it: the saved reply's beginning, whom the past answer was to
    by_model   TEXT NOT NULL,   -- empty: the offline helper
    PRIMARY KEY (mention_id, number)
);

-- A post that answers a mention goes where the mention was said.
ALTER TABLE posts ADD COLUMN answers TEXT NOT NULL DEFAULT '';
CREATE INDEX posts_answers ON posts (answers) WHERE answers <> '';

ALTER TABLE deliveries ADD COLUMN answers TEXT NOT NULL DEFAULT ''; -- as in posts

ALTER TABLE brands ADD COLUMN claim_within BIGINT NOT NULL DEFAULT 0;       -- seconds a claim holds; 0: the usual
ALTER TABLE brands ADD COLUMN second_person BOOLEAN NOT NULL DEFAULT FALSE; -- replies need another's yes

-- +goose Down
SELECT 1;
