-- +goose Up
-- What only one process may do at a time, whichever of them it is: the connection of a Discord shard.
CREATE TABLE holds (
    name  TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until TIMESTAMPTZ NOT NULL
);

-- Small things that every process has to know again after a start: which commands Discord knows.
CREATE TABLE notes (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- What people have typed so far of a form that takes several windows, for a day.
CREATE TABLE shelf (
    id      TEXT PRIMARY KEY,
    surface TEXT NOT NULL,
    sealed  TEXT NOT NULL,
    at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX shelf_age ON shelf (at);

-- The roles that a group of people of a chat (a Discord role) gives its people, for a brand.
CREATE TABLE group_roles (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    group_id  TEXT NOT NULL,
    brand_id  TEXT NOT NULL REFERENCES brands (id),
    role      TEXT NOT NULL CHECK (role IN ('writer', 'approver', 'moderator', 'analyst', 'client')), -- admin: by people only
    team_id   TEXT NOT NULL REFERENCES teams (id),
    name      TEXT NOT NULL, -- of the group, as the chat called it then
    by_member TEXT NOT NULL REFERENCES members (id),
    PRIMARY KEY (surface, workspace, group_id, brand_id, role)
);
CREATE INDEX group_roles_brand ON group_roles (brand_id);

-- In which of the groups that give roles somebody was when they last did something. Forgotten with the identity.
CREATE TABLE identity_groups (
    surface   TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    group_id  TEXT NOT NULL,
    PRIMARY KEY (surface, workspace, user_id, group_id),
    FOREIGN KEY (surface, workspace, user_id) REFERENCES identities (surface, workspace, user_id) ON DELETE CASCADE
);
CREATE INDEX identity_groups_group ON identity_groups (surface, workspace, group_id);

-- +goose Down
SELECT 1;
