-- +goose Up
-- What only one process may do at a time, whichever of them it is: the connection of a Discord shard.
CREATE TABLE holds (
    name  TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until TIMESTAMPTZ NOT NULL
);

-- What people have typed so far of a form that takes several windows, for a day.
CREATE TABLE shelf (
    id      TEXT PRIMARY KEY,
    surface TEXT NOT NULL,
    sealed  TEXT NOT NULL,
    at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX shelf_age ON shelf (at);

-- +goose Down
SELECT 1;
