-- private.db, version 5. Never edited after release.

-- The file version that counts, beside its page: marks of one version are found and counted without looking at all.
ALTER TABLE marks ADD COLUMN blob_id BLOB CHECK (length(blob_id) = 32);
UPDATE marks SET blob_id = (SELECT blob_id FROM versions WHERE versions.version = marks.version);
DROP INDEX marks_by_page;
CREATE INDEX marks_by_page ON marks (council, target_object, target_kind, page, blob_id) WHERE deleted_at_ms IS NULL;

-- The words of pages that carry marks, as they stood in the version that the marks were made on: when a newer version comes,
-- the older file is gone. See page_words.rs. Plain from public files, sealed under a class key from others.
CREATE TABLE page_words (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    file          BLOB NOT NULL CHECK (length(file) = 16),
    blob_id       BLOB NOT NULL CHECK (length(blob_id) = 32),
    -- Counted from 0.
    page          INTEGER NOT NULL CHECK (page >= 0),
    words         BLOB,
    words_sealed  BLOB,
    sealed_class  BLOB CHECK (length(sealed_class) = 16),
    PRIMARY KEY (council, file, blob_id, page),
    CHECK ((words IS NULL) = (words_sealed IS NOT NULL)),
    CHECK ((words_sealed IS NULL) = (sealed_class IS NULL))
) STRICT, WITHOUT ROWID;

-- That marks of older versions were looked for in a version of a file.
CREATE TABLE transfers (
    council       BLOB NOT NULL CHECK (length(council) = 16),
    file          BLOB NOT NULL CHECK (length(file) = 16),
    blob_id       BLOB NOT NULL CHECK (length(blob_id) = 32),
    at_ms         INTEGER NOT NULL,
    -- 1: the member has seen what became of them.
    closed        INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    PRIMARY KEY (council, file, blob_id)
) STRICT, WITHOUT ROWID;

-- Each mark that came into a version that way, and as what it stood before. Goes when the member has seen it.
CREATE TABLE transferred (
    mark_id       BLOB NOT NULL REFERENCES marks (mark_id) ON DELETE CASCADE,
    blob_id       BLOB NOT NULL CHECK (length(blob_id) = 32),
    before        INTEGER NOT NULL REFERENCES versions (version) DEFERRABLE INITIALLY DEFERRED,
    after         INTEGER NOT NULL,
    -- page: the same page. words: the same words. changed: words that are alike. around: with the words around it. hand: by the member.
    how           TEXT NOT NULL CHECK (how IN ('page', 'words', 'changed', 'around', 'hand')),
    PRIMARY KEY (mark_id, blob_id)
) STRICT, WITHOUT ROWID;
-- Whoever removes a version asks whether any still names it.
CREATE INDEX transferred_by_before ON transferred (before);
