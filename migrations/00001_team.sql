-- +goose Up
CREATE TABLE teams (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- A Slack workspace, a Discord guild or a playground that the team installed Griot in.
CREATE TABLE workspaces (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    team_id   TEXT NOT NULL REFERENCES teams (id),
    name      TEXT NOT NULL,
    PRIMARY KEY (surface, workspace)
);
CREATE INDEX workspaces_team ON workspaces (team_id);

CREATE TABLE brands (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL REFERENCES teams (id),
    name         TEXT NOT NULL,
    locale       TEXT NOT NULL,
    zone         TEXT NOT NULL,
    alone        BOOLEAN NOT NULL,
    no_fix       BOOLEAN NOT NULL,
    no_move      BOOLEAN NOT NULL,
    paused       BOOLEAN NOT NULL,
    late_within  BIGINT NOT NULL, -- seconds
    late_drop    BOOLEAN NOT NULL,
    rev          BIGINT NOT NULL
);
CREATE UNIQUE INDEX brands_name ON brands (team_id, LOWER(name));

CREATE TABLE channels (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel   TEXT NOT NULL,
    purpose   TEXT NOT NULL CHECK (purpose IN ('approvals', 'mentions', 'numbers')),
    team_id   TEXT NOT NULL REFERENCES teams (id),
    brand_id  TEXT NOT NULL REFERENCES brands (id),
    PRIMARY KEY (surface, workspace, channel, purpose)
);
CREATE INDEX channels_brand ON channels (brand_id, purpose);

CREATE TABLE members (
    id      TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    name    TEXT NOT NULL,
    locale  TEXT NOT NULL,
    zone    TEXT NOT NULL,
    rev     BIGINT NOT NULL
);
CREATE INDEX members_team ON members (team_id);

CREATE TABLE roles (
    member_id TEXT NOT NULL REFERENCES members (id),
    brand_id  TEXT NOT NULL REFERENCES brands (id),
    role      TEXT NOT NULL CHECK (role IN ('writer', 'approver', 'moderator', 'analyst', 'admin', 'client')),
    team_id   TEXT NOT NULL REFERENCES teams (id),
    PRIMARY KEY (member_id, brand_id, role)
);
CREATE INDEX roles_brand ON roles (brand_id, role);

CREATE TABLE identities (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    team_id   TEXT NOT NULL REFERENCES teams (id),
    member_id TEXT NOT NULL REFERENCES members (id),
    name      TEXT NOT NULL,
    PRIMARY KEY (surface, workspace, user_id)
);
-- One identity per chat: a member is never told the same thing twice in one workspace.
CREATE UNIQUE INDEX identities_member ON identities (member_id, surface, workspace);

-- Short-lived codes: to set up, to link a second identity, to invite. Only a digest is kept.
CREATE TABLE codes (
    digest     TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL CHECK (purpose IN ('setup', 'identity', 'invite', 'workspace', 'secret')),
    team_id    TEXT REFERENCES teams (id), -- a setup code is of no team yet
    member_id  TEXT REFERENCES members (id),
    data       TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ
);
CREATE INDEX codes_expiry ON codes (expires_at);
CREATE INDEX codes_member ON codes (member_id, purpose);

-- Wrong guesses, so that a code cannot be tried out.
CREATE TABLE guesses (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    id        TEXT PRIMARY KEY
);
CREATE INDEX guesses_user ON guesses (surface, workspace, user_id, at);
CREATE INDEX guesses_age ON guesses (at);

-- Strangers who asked for access.
CREATE TABLE requests (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    surface    TEXT NOT NULL,
    workspace  TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    locale     TEXT NOT NULL,
    zone       TEXT NOT NULL,
    asked_at   TIMESTAMPTZ NOT NULL,
    settled_by TEXT REFERENCES members (id),
    settled_at TIMESTAMPTZ,
    UNIQUE (surface, workspace, user_id)
);
CREATE INDEX requests_open ON requests (team_id, asked_at);

CREATE TABLE accounts (
    id         TEXT PRIMARY KEY,
    team_id    TEXT NOT NULL REFERENCES teams (id),
    brand_id   TEXT NOT NULL REFERENCES brands (id),
    network    TEXT NOT NULL,
    network_name TEXT NOT NULL, -- as people write it
    remote_id  TEXT NOT NULL,
    handle     TEXT NOT NULL,
    url        TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('connected', 'sign_in', 'removed')),
    limits     TEXT NOT NULL, -- JSON
    checked_at TIMESTAMPTZ,
    rev        BIGINT NOT NULL,
    UNIQUE (brand_id, network, remote_id)
);
CREATE INDEX accounts_team ON accounts (team_id);

-- Secrets and facts, encrypted. facts_rev is compared and raised by each save.
CREATE TABLE credentials (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    team_id    TEXT NOT NULL REFERENCES teams (id),
    secrets    TEXT NOT NULL,
    facts      TEXT NOT NULL,
    facts_rev  BIGINT NOT NULL
);

CREATE TABLE media (
    team_id  TEXT NOT NULL REFERENCES teams (id),
    hash     TEXT NOT NULL,
    name     TEXT NOT NULL,
    type     TEXT NOT NULL,
    size     BIGINT NOT NULL,
    width    BIGINT NOT NULL,
    height   BIGINT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (team_id, hash)
);
CREATE INDEX media_age ON media (added_at);
CREATE INDEX media_hash ON media (hash);

-- What this installation must remember about itself: the digest of its key, marks of what was done once.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- +goose Down
SELECT 1;
