-- private.db, version 6. Never edited after release.

-- Marks of which a copy was shared with a faction. The copy has an id of its own there; that it came from this mark is known here alone.
CREATE TABLE shared (
    mark_id       BLOB NOT NULL REFERENCES marks (mark_id) ON DELETE CASCADE,
    faction       BLOB NOT NULL CHECK (length(faction) = 32),
    item          BLOB NOT NULL CHECK (length(item) = 16),
    at_ms         INTEGER NOT NULL,
    PRIMARY KEY (mark_id, faction, item)
) STRICT, WITHOUT ROWID;
-- Whoever takes a share back, or looks at a space, asks by that.
CREATE INDEX shared_by_item ON shared (faction, item);
