-- +goose Up
-- How a brand speaks, in each language that it speaks.
CREATE TABLE lines (
    brand_id TEXT NOT NULL REFERENCES brands (id),
    locale   TEXT NOT NULL,
    team_id  TEXT NOT NULL REFERENCES teams (id),
    tone     TEXT NOT NULL,
    address  TEXT NOT NULL, -- 'tu', 'vous'; empty: neither
    themes   TEXT NOT NULL, -- JSON, like those that follow: a list of texts
    banned   TEXT NOT NULL,
    required TEXT NOT NULL,
    samples  TEXT NOT NULL,
    replies  TEXT NOT NULL,
    rev      BIGINT NOT NULL,
    PRIMARY KEY (brand_id, locale)
);

-- What a team's language model has cost.
CREATE TABLE spending (
    team_id TEXT NOT NULL REFERENCES teams (id),
    day     TEXT NOT NULL,  -- UTC, "2026-11-27"
    tokens  BIGINT NOT NULL,
    PRIMARY KEY (team_id, day)
);

-- +goose Down
SELECT 1;
