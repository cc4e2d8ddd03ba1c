-- +goose Up
CREATE TABLE posts (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    brand_id   TEXT NOT NULL REFERENCES brands (id),
    author     TEXT NOT NULL REFERENCES members (id),
    editor     TEXT NOT NULL REFERENCES members (id),
    state      TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'scheduled', 'cancelled')),
    rev        BIGINT NOT NULL,
    words      BIGINT NOT NULL,
    wish       TEXT NOT NULL CHECK (wish IN ('later', 'soon', 'on_date')),
    at         TIMESTAMPTZ,
    local      TEXT NOT NULL, -- wall clock the person meant, in zone
    zone       TEXT NOT NULL,
    note       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX posts_brand ON posts (team_id, brand_id, state, at);
CREATE INDEX posts_author ON posts (team_id, author, created_at);

CREATE TABLE revisions (
    post_id  TEXT NOT NULL REFERENCES posts (id),
    number   BIGINT NOT NULL,
    team_id  TEXT NOT NULL REFERENCES teams (id),
    by_member TEXT NOT NULL REFERENCES members (id),
    at       TIMESTAMPTZ NOT NULL,
    text     TEXT NOT NULL,
    media    TEXT NOT NULL, -- JSON list
    accounts TEXT NOT NULL, -- JSON list of ids
    texts    TEXT NOT NULL, -- JSON object: own text by account id
    PRIMARY KEY (post_id, number)
);

-- Which pictures a revision needs, so that nothing needed is cleared away.
CREATE TABLE revision_media (
    post_id TEXT NOT NULL,
    number  BIGINT NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (id),
    hash    TEXT NOT NULL,
    PRIMARY KEY (post_id, number, hash),
    FOREIGN KEY (post_id, number) REFERENCES revisions (post_id, number)
);
CREATE INDEX revision_media_hash ON revision_media (hash);

CREATE TABLE approvals (
    post_id     TEXT NOT NULL REFERENCES posts (id),
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    fingerprint TEXT NOT NULL,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    by_member   TEXT NOT NULL REFERENCES members (id),
    fixed       BOOLEAN NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (post_id, account_id)
);

CREATE TABLE deliveries (
    id          TEXT PRIMARY KEY,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    brand_id    TEXT NOT NULL REFERENCES brands (id),
    post_id     TEXT NOT NULL REFERENCES posts (id),
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    occurrence  BIGINT NOT NULL,
    network     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    words_no    BIGINT NOT NULL, -- revision that holds the words
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'sending', 'pending', 'live', 'refused', 'unsure', 'missed', 'void', 'removing', 'removed')),
    due_at      TIMESTAMPTZ NOT NULL,
    wake_at     TIMESTAMPTZ, -- when a process must look at it; NULL: nobody has to
    looks       BIGINT NOT NULL,
    owner       TEXT NOT NULL,
    lease_until TIMESTAMPTZ,
    fence       BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    left_at     TIMESTAMPTZ,
    said        TEXT NOT NULL, -- the network's own words
    reason      TEXT NOT NULL,
    halt        TEXT NOT NULL, -- asked to stop while it was leaving: no other try
    rev         BIGINT NOT NULL,
    told_late   BOOLEAN NOT NULL,
    news        BOOLEAN NOT NULL, -- what happened is not told yet
    UNIQUE (post_id, account_id, occurrence)
);
CREATE INDEX deliveries_wake ON deliveries (wake_at, id) WHERE wake_at IS NOT NULL;
CREATE INDEX deliveries_news ON deliveries (id) WHERE news;
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state IN ('waiting', 'leased', 'sending', 'pending') AND NOT told_late;
CREATE INDEX deliveries_account ON deliveries (account_id, state);
CREATE INDEX deliveries_brand ON deliveries (brand_id, state);

CREATE TABLE parts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id),
    number      BIGINT NOT NULL,
    team_id     TEXT NOT NULL REFERENCES teams (id),
    key         TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL, -- the created-at that the network is given
    request     TEXT NOT NULL,        -- JSON; empty: not prepared
    armed_at    TIMESTAMPTZ,
    receipt     TEXT NOT NULL,        -- JSON; empty: no answer
    url         TEXT NOT NULL,
    live        BOOLEAN NOT NULL,
    PRIMARY KEY (delivery_id, number)
);

CREATE TABLE entries (
    id         TEXT PRIMARY KEY, -- sorts by time
    subject    TEXT NOT NULL,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    at         TIMESTAMPTZ NOT NULL,
    by_member  TEXT REFERENCES members (id),
    what       TEXT NOT NULL,
    account_id TEXT REFERENCES accounts (id),
    data       TEXT NOT NULL  -- JSON object
);
CREATE INDEX entries_subject ON entries (subject, at);

-- +goose Down
SELECT 1;
