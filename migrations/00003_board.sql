-- +goose Up
-- One message in one channel that shows one subject. Wanted counts the times its redrawing was asked for; shown is the
-- count that the message is known to reflect: what is behind is drawn, whoever asked.
CREATE TABLE placements (
    id          TEXT PRIMARY KEY, -- marks the message, so that it is found after a crash
    team_id     TEXT NOT NULL REFERENCES teams (id),
    subject     TEXT NOT NULL,
    surface     TEXT NOT NULL,
    workspace   TEXT NOT NULL,
    channel     TEXT NOT NULL,
    message     TEXT NOT NULL,    -- empty: not sent, or not known to be
    sending     BOOLEAN NOT NULL, -- marked before the message is sent
    ours        BOOLEAN NOT NULL, -- stands here because the channel is the brand's, not because somebody asked for it here
    moved       BOOLEAN NOT NULL, -- the brand has left this channel
    wanted      BIGINT NOT NULL,
    shown       BIGINT NOT NULL,
    drawn       TEXT NOT NULL,    -- digest of the card that the message shows; empty: not known
    placed      BIGINT NOT NULL,  -- times a message was sent here
    asked_at    TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,      -- when an interaction's own answer last redrew it
    owner       TEXT NOT NULL,
    lease_until TIMESTAMPTZ,
    UNIQUE (subject, surface, workspace, channel)
);
CREATE INDEX placements_message ON placements (surface, workspace, channel, message);
CREATE INDEX placements_behind ON placements (asked_at) WHERE shown < wanted;
CREATE INDEX placements_asked ON placements (asked_at);

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

-- Acts that were answered, kept for a day.
CREATE TABLE seen (
    id TEXT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX seen_at ON seen (at);

-- +goose Down
SELECT 1;
