-- +goose Up
-- Where Griot was installed in a chat, and the right that was given with it. Of a removed one nothing secret is left.
CREATE TABLE installations (
    surface      TEXT NOT NULL,
    workspace    TEXT NOT NULL,
    name         TEXT NOT NULL, -- of the workspace, as people call it
    app          TEXT NOT NULL,
    bot_user     TEXT NOT NULL,
    scopes       TEXT NOT NULL, -- JSON list
    installed_by TEXT NOT NULL, -- the chat's user
    secrets      TEXT NOT NULL, -- sealed; empty: removed
    expires_at   TIMESTAMPTZ,   -- when the right has to be renewed; NULL: never
    state        TEXT NOT NULL CHECK (state IN ('active', 'removed')),
    rev          BIGINT NOT NULL,
    at           TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (surface, workspace)
);

-- Installations that somebody has begun. Only a digest of the word that the chat gives back is kept.
CREATE TABLE sign_ins (
    digest     TEXT PRIMARY KEY,
    surface    TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ
);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);

-- What a channel bears: one new message at a time, the next one a while after it, and no call while the chat says so.
-- An empty channel stands for its whole workspace.
CREATE TABLE paces (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel   TEXT NOT NULL,
    holder    TEXT NOT NULL,        -- what is being sent: a placement or a notice; empty: nothing
    next_at   TIMESTAMPTZ NOT NULL, -- when the next message may be sent
    open_at   TIMESTAMPTZ NOT NULL, -- when the chat takes calls again
    PRIMARY KEY (surface, workspace, channel)
);

-- The messages that wait until their channel takes them.
CREATE TABLE turns (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel   TEXT NOT NULL,
    holder    TEXT NOT NULL,    -- a placement or a notice
    waits     BOOLEAN NOT NULL, -- somebody has to act on it: it goes before the others
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (surface, workspace, channel, holder)
);
CREATE INDEX turns_holder ON turns (holder);
CREATE INDEX turns_age ON turns (at);

-- A notice that was about to be said may have been heard, whatever is known of it.
ALTER TABLE notices ADD COLUMN tried BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE notices ADD COLUMN lease_until TIMESTAMPTZ; -- while somebody is saying it

-- +goose Down
SELECT 1;
