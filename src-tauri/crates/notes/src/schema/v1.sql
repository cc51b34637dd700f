-- private.db, version 1. Never edited after release.

CREATE TABLE marks (
    mark_id       BLOB NOT NULL PRIMARY KEY CHECK (length(mark_id) = 16),
    council       BLOB NOT NULL CHECK (length(council) = 16),
    target_kind   TEXT NOT NULL CHECK (target_kind IN ('meeting', 'agenda_item', 'paper', 'file')),
    target_object BLOB NOT NULL CHECK (length(target_object) = 16),
    -- What the mark looks like now; of a deleted mark, what it looked like last.
    version       INTEGER NOT NULL REFERENCES versions (version) DEFERRABLE INITIALLY DEFERRED,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    deleted_at_ms INTEGER
) STRICT;
CREATE INDEX marks_by_target ON marks (council, target_object, target_kind) WHERE deleted_at_ms IS NULL;

-- Every state of a mark that undo or redo can bring back. Rows never change.
CREATE TABLE versions (
    version       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    mark_id       BLOB NOT NULL REFERENCES marks (mark_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    kind          TEXT NOT NULL CHECK (kind IN ('note', 'highlight', 'ink')),
    -- Only for files: on which revision.
    blob_id       BLOB CHECK (length(blob_id) = 32),
    revision      INTEGER,
    -- Counted from 0.
    page          INTEGER,
    -- Rectangles in PDF points of the unrotated page: left, bottom, right, top, each f32 little endian.
    rects         BLOB NOT NULL CHECK (length(rects) % 16 = 0),
    color         TEXT,
    -- The member's own words. Always readable, whatever access ends.
    text          TEXT,
    width_pt      REAL,
    -- See ink.rs.
    strokes       BLOB,
    -- A quotation: CBOR of exact, prefix, suffix; plain from public files, sealed under a class key from others.
    quote         BLOB,
    quote_sealed  BLOB,
    sealed_class  BLOB CHECK (length(sealed_class) = 16),
    CHECK (quote IS NULL OR sealed_class IS NULL),
    CHECK (quote_sealed IS NULL OR sealed_class IS NOT NULL),
    CHECK ((blob_id IS NULL) = (revision IS NULL))
) STRICT;
CREATE INDEX versions_by_mark ON versions (mark_id);

-- What was done to each target, in order. NULL stands for "no mark".
CREATE TABLE steps (
    step          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    council       BLOB NOT NULL CHECK (length(council) = 16),
    target_kind   TEXT NOT NULL,
    target_object BLOB NOT NULL CHECK (length(target_object) = 16),
    mark_id       BLOB NOT NULL REFERENCES marks (mark_id) ON DELETE CASCADE,
    action        TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete', 'restore')),
    before        INTEGER REFERENCES versions (version) DEFERRABLE INITIALLY DEFERRED,
    after         INTEGER REFERENCES versions (version) DEFERRABLE INITIALLY DEFERRED,
    -- 1: taken back, and can be done again until something new is done.
    undone        INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
    -- 1: a following change that goes on with it becomes part of it.
    open          INTEGER NOT NULL DEFAULT 0 CHECK (open IN (0, 1))
) STRICT;
CREATE INDEX steps_by_target ON steps (council, target_object, target_kind, undone, step);
CREATE INDEX steps_by_mark ON steps (mark_id);

-- Where the member stopped in each file.
CREATE TABLE places (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    file          BLOB NOT NULL CHECK (length(file) = 16),
    -- Counted from 0.
    page          INTEGER NOT NULL CHECK (page >= 0),
    -- How far down the page: 0 top, 1 bottom.
    page_offset   REAL NOT NULL,
    -- 1 fits the width.
    zoom          REAL NOT NULL,
    at_ms         INTEGER NOT NULL,
    PRIMARY KEY (council, file)
) STRICT, WITHOUT ROWID;

-- Pages that were on the screen.
CREATE TABLE pages_read (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    file          BLOB NOT NULL CHECK (length(file) = 16),
    blob_id       BLOB NOT NULL CHECK (length(blob_id) = 32),
    -- Counted from 0.
    page          INTEGER NOT NULL CHECK (page >= 0),
    at_ms         INTEGER NOT NULL,
    PRIMARY KEY (council, file, blob_id, page)
) STRICT, WITHOUT ROWID;

-- When a meeting, item, paper or file was last looked at.
CREATE TABLE visits (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    object        BLOB NOT NULL CHECK (length(object) = 16),
    at_ms         INTEGER NOT NULL,
    PRIMARY KEY (council, object)
) STRICT, WITHOUT ROWID;

-- How the member noted to have voted. Private; no vote is cast by it.
CREATE TABLE tallies (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    agenda_item   BLOB NOT NULL CHECK (length(agenda_item) = 16),
    tally         TEXT NOT NULL CHECK (tally IN ('yes', 'no', 'abstain')),
    at_ms         INTEGER NOT NULL,
    PRIMARY KEY (council, agenda_item)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    name          TEXT NOT NULL PRIMARY KEY,
    value         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
