-- +goose Up
ALTER TABLE brands ADD COLUMN approvals BIGINT NOT NULL DEFAULT 0; -- people who must say yes to a post; 0: one

-- Who said yes to the words of a post that needs several people's, since it was last sent for approval.
CREATE TABLE votes (
    post_id   TEXT NOT NULL REFERENCES posts (id),
    member_id TEXT NOT NULL REFERENCES members (id),
    team_id   TEXT NOT NULL REFERENCES teams (id),
    words     BIGINT NOT NULL, -- number of the revision
    place     BIGINT NOT NULL, -- which yes it was, from 1
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (post_id, member_id)
);

-- +goose Down
SELECT 1;
