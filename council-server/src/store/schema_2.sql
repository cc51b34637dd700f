-- What the open interface has shown, added in version 2. Never edited after release.

CREATE TABLE public_stamp (                 -- one row for each object that was ever shown there
    object         BLOB PRIMARY KEY NOT NULL CHECK (length(object) = 16),
    kind           INTEGER NOT NULL CHECK (kind >= 0),
    created_at_ms  INTEGER NOT NULL,        -- when it was first shown
    modified_at_ms INTEGER NOT NULL CHECK (modified_at_ms >= created_at_ms), -- when what is shown last changed
    digest         BLOB CHECK (length(digest) = 32) -- SHA-256 of what is shown; NULL: withdrawn, nothing of it is kept
) STRICT, WITHOUT ROWID;
