-- +goose Up
-- What only one process may do at a time, whichever of them it is: the connection of a Discord shard.
CREATE TABLE holds (
    name  TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until TIMESTAMPTZ NOT NULL
);

-- +goose Down
SELECT 1;
