-- +goose Up
-- One message in one channel that shows one subject.
CREATE TABLE placements (
    id          TEXT PRIMARY KEY, -- marks the message, so that it is found after a crash
    team_id     TEXT NOT NULL REFERENCES teams (id),
    subject     TEXT NOT NULL,
    surface     TEXT NOT NULL,
    workspace   TEXT NOT NULL,
    channel     TEXT NOT NULL,
    message     TEXT NOT NULL,   -- empty: not sent, or not known to be
    sending     BOOLEAN NOT NULL, -- marked before the message is sent
    drawn       TEXT NOT NULL,   -- digest of the card that the message shows
    owner       TEXT NOT NULL,
    lease_until TIMESTAMPTZ,
    UNIQUE (subject, surface, workspace, channel)
);
CREATE INDEX placements_message ON placements (surface, workspace, channel, message);

CREATE TABLE notices (
    id        TEXT PRIMARY KEY,
    team_id   TEXT NOT NULL REFERENCES teams (id),
    subject   TEXT NOT NULL,
    member_id TEXT NOT NULL REFERENCES members (id),
    kind      TEXT NOT NULL,
    change    TEXT NOT NULL, -- what it is about: once per change
    data      TEXT NOT NULL, -- JSON object
    urgent    BOOLEAN NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    said_at   TIMESTAMPTZ,
    UNIQUE (subject, member_id, kind, change)
);
CREATE INDEX notices_open ON notices (at) WHERE said_at IS NULL;

-- Events that were answered, kept for a day.
CREATE TABLE seen (
    id TEXT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX seen_at ON seen (at);

-- +goose Down
SELECT 1;
