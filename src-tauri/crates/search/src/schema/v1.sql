CREATE TABLE state (
    -- Version of folding and stemming that the index was made with: another one begins it anew.
    fold_version INTEGER NOT NULL,
    -- Counts deletions of words, so that a list of them in memory knows when it is out of date.
    words_dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO state (fold_version) VALUES (0);

CREATE TABLE owners (
    owner_no INTEGER PRIMARY KEY,
    owner BLOB NOT NULL UNIQUE CHECK (length(owner) = 16),
    kind INTEGER NOT NULL,
    -- Revision or hash by the caller: the same stamp needs no indexing.
    stamp BLOB NOT NULL,
    -- 0 indexed, 1 a scan without text, 2 its text could not be read
    state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    date_ms INTEGER,
    meeting BLOB CHECK (length(meeting) = 16),
    paper BLOB CHECK (length(paper) = 16),
    -- 16 bytes each, one after the other
    organizations BLOB NOT NULL CHECK (length(organizations) % 16 = 0),
    -- Pages have the rows first_row .. first_row + page_count; rows ascend with the date.
    first_row INTEGER NOT NULL,
    page_count INTEGER NOT NULL CHECK (page_count >= 0)
) STRICT;
CREATE INDEX owners_rows ON owners (first_row) WHERE page_count > 0;

CREATE TABLE pages (
    row INTEGER PRIMARY KEY,
    -- the text as it was given, deflated
    text BLOB NOT NULL
) STRICT;

CREATE TABLE words (
    word_no INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE,
    -- how many titles and pages hold it
    heads INTEGER NOT NULL CHECK (heads >= 0),
    pages INTEGER NOT NULL CHECK (pages >= 0)
) STRICT;

-- Stems, separated by spaces. The text itself lies in owners and pages; it is folded again to be taken out.
CREATE VIRTUAL TABLE heads_index USING fts5 (title, body, content = '', tokenize = 'ascii');
-- Lengths of pages differ little and would cost a look-up for every hit.
CREATE VIRTUAL TABLE pages_index USING fts5 (body, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO heads_index (heads_index, rank) VALUES ('secure-delete', 1);
INSERT INTO pages_index (pages_index, rank) VALUES ('secure-delete', 1);
-- A leaf then fits into one page of the encrypted file (4,096 - 80 bytes) with its row header.
INSERT INTO heads_index (heads_index, rank) VALUES ('pgsz', 3900);
INSERT INTO pages_index (pages_index, rank) VALUES ('pgsz', 3900);
