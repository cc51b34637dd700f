-- private.db, version 2. Never edited after release.

-- What the member wishes of a single file of the council. A file without a row goes by the rule, which stands in settings.
CREATE TABLE wishes (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    file          BLOB NOT NULL CHECK (length(file) = 16),
    -- keep: never freed by a rule. free: not on this device. load: wanted again, as if its meeting were at at_ms.
    wish          TEXT NOT NULL CHECK (wish IN ('keep', 'free', 'load')),
    -- Of free: which version was freed.
    blob_id       BLOB CHECK (length(blob_id) = 32),
    at_ms         INTEGER NOT NULL,
    PRIMARY KEY (council, file),
    CHECK ((wish = 'free') = (blob_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The last synchronisations. Numbers and codes, no words of the council.
CREATE TABLE sync_runs (
    run             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    council         BLOB NOT NULL CHECK (length(council) = 16),
    began_at_ms     INTEGER NOT NULL,
    ended_at_ms     INTEGER NOT NULL,
    -- Code of the error that ended it; NULL: it went well.
    error           TEXT,
    objects_changed INTEGER NOT NULL CHECK (objects_changed >= 0),
    files_fetched   INTEGER NOT NULL CHECK (files_fetched >= 0),
    files_failed    INTEGER NOT NULL CHECK (files_failed >= 0)
) STRICT;
CREATE INDEX sync_runs_by_council ON sync_runs (council, run);

-- Files that the last run of each council could not get.
CREATE TABLE sync_failures (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    blob_id       BLOB NOT NULL CHECK (length(blob_id) = 32),
    reason        TEXT NOT NULL CHECK (reason IN ('gone', 'damaged')),
    at_ms         INTEGER NOT NULL,
    PRIMARY KEY (council, blob_id)
) STRICT, WITHOUT ROWID;
