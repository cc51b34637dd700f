-- What was fetched over OParl, version 1. Never edited after release; what comes later is a migration of its own.
-- A file of its own beside the server's tables: it can be thrown away and fetched again.

CREATE TABLE source (
    id               INTEGER PRIMARY KEY,
    name             TEXT NOT NULL UNIQUE,      -- `oparl:` with host and path of the body
    url              TEXT NOT NULL,             -- the address that was asked for
    body_path        TEXT NOT NULL,
    home             TEXT NOT NULL,             -- host and port of the body's address
    change_count     INTEGER NOT NULL DEFAULT 0, -- grows with every change of an object
    published        TEXT NOT NULL DEFAULT '',  -- what the last publishing was made from
    mapping_problems TEXT NOT NULL DEFAULT '[]', -- JSON: what the last mapping could not take over
    full_walk_at_ms  INTEGER NOT NULL DEFAULT 0 -- when all lists were last read to their ends without a filter
) STRICT;

CREATE TABLE object (
    source        INTEGER NOT NULL REFERENCES source (id),
    path          TEXT NOT NULL,                -- identifies it within the source
    kind          INTEGER NOT NULL CHECK (kind > 0),
    url           TEXT NOT NULL,
    parent        TEXT,                         -- the path of what holds it
    origin        INTEGER NOT NULL CHECK (origin IN (0, 1, 2)), -- embedded, in a list, at its own address
    state         INTEGER NOT NULL CHECK (state IN (0, 1, 2)),  -- a stand-in, present, deleted
    is_due        INTEGER NOT NULL CHECK (is_due IN (0, 1)),    -- to be fetched in this run
    is_going      INTEGER NOT NULL CHECK (is_going IN (0, 1, 2)), -- to be deleted: said so (1), no longer held (2)
    modified      TEXT,
    digest        BLOB,                         -- of the JSON
    json          BLOB,                         -- first byte 0: as it is, 1: deflated; NULL: none
    etag          TEXT,
    last_modified TEXT,
    problem       TEXT,                         -- why it could not be had
    fetched_at_ms INTEGER NOT NULL,
    PRIMARY KEY (source, path)
) STRICT;
CREATE INDEX object_by_kind ON object (source, kind, state);
CREATE INDEX object_by_parent ON object (source, parent) WHERE parent IS NOT NULL;
CREATE INDEX object_due ON object (source) WHERE is_due = 1;
CREATE INDEX object_going ON object (source) WHERE is_going > 0;

CREATE TABLE list (
    source       INTEGER NOT NULL REFERENCES source (id),
    url          TEXT NOT NULL,
    walked_at_ms INTEGER NOT NULL,              -- when the last walk began that reached the end
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE page (                             -- pages of lists whose portal can say that they are unchanged
    source        INTEGER NOT NULL REFERENCES source (id),
    url           TEXT NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    next          TEXT,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE file (                             -- files as fetched last
    source        INTEGER NOT NULL REFERENCES source (id),
    path          TEXT NOT NULL,
    stamp         TEXT NOT NULL,                -- what the source said about the version that was fetched
    url           TEXT NOT NULL,
    is_pdf        INTEGER NOT NULL CHECK (is_pdf IN (0, 1)),
    etag          TEXT,
    last_modified TEXT,
    problem       TEXT,                         -- why it could not be had; NULL: it was
    PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (                              -- imports and what came of them
    number         INTEGER PRIMARY KEY,
    url            TEXT NOT NULL,
    started_at_ms  INTEGER NOT NULL,
    finished_at_ms INTEGER NOT NULL,
    error          TEXT,                        -- why nothing was imported; NULL: it was
    report         TEXT NOT NULL                -- JSON
) STRICT;
CREATE INDEX run_by_url ON run (url, number);
