-- private.db, version 3. Never edited after release.

-- What kind of its kind: NULL is the plain one of version 1, so that a note stays a note, a highlight a highlight.
-- highlight: underline, strike_out, squiggly. ink: brush; rectangle, ellipse, line, arrow (one stroke: from, to).
-- note: text_box, stamp (text: its words or the member's, stamp: which).
ALTER TABLE versions ADD COLUMN form TEXT
    CHECK (form IN ('underline', 'strike_out', 'squiggly', 'brush', 'rectangle', 'ellipse', 'line', 'arrow', 'text_box', 'stamp'));
ALTER TABLE versions ADD COLUMN stamp TEXT;

-- The page of the version that counts, so that the marks of one page are found without looking at all.
ALTER TABLE marks ADD COLUMN page INTEGER;
UPDATE marks SET page = (SELECT page FROM versions WHERE versions.version = marks.version);
CREATE INDEX marks_by_page ON marks (council, target_object, target_kind, page) WHERE deleted_at_ms IS NULL;
-- The agenda item that the member came from when the mark was made.
ALTER TABLE marks ADD COLUMN made_at_item BLOB CHECK (length(made_at_item) = 16);
-- Of a mark that came with a file: its name there, so that it does not come twice.
ALTER TABLE marks ADD COLUMN imported_from TEXT;
CREATE INDEX marks_by_import ON marks (council, target_object, imported_from) WHERE imported_from IS NOT NULL;

-- Steps with the same deed are taken back and done again together; NULL stands alone.
ALTER TABLE steps ADD COLUMN deed INTEGER;

-- How a file is looked at: quarter turns to the right, and all pages below each other or one at a time.
ALTER TABLE places ADD COLUMN rotation INTEGER NOT NULL DEFAULT 0 CHECK (rotation BETWEEN 0 AND 3);
ALTER TABLE places ADD COLUMN layout TEXT NOT NULL DEFAULT 'scroll' CHECK (layout IN ('scroll', 'single'));

-- Passwords of protected files: plain for public ones, sealed under a class key for others.
CREATE TABLE passwords (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    blob_id       BLOB NOT NULL CHECK (length(blob_id) = 32),
    password      BLOB,
    sealed        BLOB,
    sealed_class  BLOB CHECK (length(sealed_class) = 16),
    PRIMARY KEY (council, blob_id),
    CHECK ((password IS NULL) = (sealed IS NOT NULL)),
    CHECK ((sealed IS NULL) = (sealed_class IS NULL))
) STRICT, WITHOUT ROWID;
