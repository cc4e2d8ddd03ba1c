-- +goose Up
-- Totals as the networks gave them. Only ever added: what a network restates is another sample.
CREATE TABLE samples (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    item       TEXT NOT NULL, -- what was published, by the network's id; empty: the account itself
    metric     TEXT NOT NULL,
    at         TIMESTAMPTZ NOT NULL,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    brand_id   TEXT NOT NULL REFERENCES brands (id),
    value      BIGINT NOT NULL,
    means      TEXT NOT NULL, -- the network, and which version of its connector said what the number is
    PRIMARY KEY (account_id, item, metric, at)
);
CREATE INDEX samples_brand ON samples (brand_id, at) WHERE item = '';

-- What numbers are read of, and when next: the connected accounts, and what is live on them.
CREATE TABLE watched (
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    item        TEXT NOT NULL, -- empty: the account itself
    team_id     TEXT NOT NULL REFERENCES teams (id),
    brand_id    TEXT NOT NULL REFERENCES brands (id),
    delivery_id TEXT REFERENCES deliveries (id), -- NULL: the account itself
    receipt     TEXT NOT NULL,        -- JSON, what the network needs to find it
    since       TIMESTAMPTZ NOT NULL, -- when the account was first read, or the item went live
    next_at     TIMESTAMPTZ,          -- NULL: never again
    read_at     TIMESTAMPTZ,          -- when it last gave numbers
    lost_at     TIMESTAMPTZ,          -- since when it gives none
    PRIMARY KEY (account_id, item)
);
CREATE INDEX watched_next ON watched (next_at, account_id) WHERE next_at IS NOT NULL;
CREATE INDEX watched_brand ON watched (brand_id, since);

-- What is live and not watched yet is found without looking at everything that ever was.
ALTER TABLE parts ADD COLUMN watched BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX parts_unwatched ON parts (delivery_id, number) WHERE live AND NOT watched;

-- When a channel is told the numbers. No row: as usual.
CREATE TABLE tellings (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel   TEXT NOT NULL,
    brand_id  TEXT NOT NULL REFERENCES brands (id),
    team_id   TEXT NOT NULL REFERENCES teams (id),
    off       BOOLEAN NOT NULL,
    minute    BIGINT NOT NULL, -- of the day, by the brand's clocks
    days      TEXT NOT NULL CHECK (days IN ('working', 'every')),
    silent    BOOLEAN NOT NULL, -- without the sentences that a model writes
    PRIMARY KEY (surface, workspace, channel, brand_id)
);

-- What a channel was told: once for each date of the brand.
CREATE TABLE digests (
    id        TEXT PRIMARY KEY,
    team_id   TEXT NOT NULL REFERENCES teams (id),
    brand_id  TEXT NOT NULL REFERENCES brands (id),
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel   TEXT NOT NULL,
    day       TEXT NOT NULL, -- the date, "2026-03-17"
    at        TIMESTAMPTZ NOT NULL,
    report    TEXT NOT NULL, -- JSON of social.Report, as it was then
    UNIQUE (surface, workspace, channel, brand_id, day)
);

-- +goose Down
SELECT 1;
