//! The tables of `council.db` and of each `closed/<audience>.db`: one schema for both.
//!
//! Everything here is a cache that can be fetched again. Migrations are numbered and never edited after a release.

use vault::Migration;

/// All migrations, oldest first.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration { number: 1, sql: V1 }];

const V1: &str = "
CREATE TABLE objects (
    object_id            BLOB    NOT NULL PRIMARY KEY CHECK (length(object_id) = 16),
    kind                 INTEGER NOT NULL,              -- number of the object kind, as in the chain entry
    revision             INTEGER NOT NULL CHECK (revision >= 0),
    key_epoch            INTEGER NOT NULL CHECK (key_epoch >= 0), -- class key the entry was sealed under
    payload              BLOB    NOT NULL,              -- CBOR of the object
    -- what queries filter and sort by, taken from the payload:
    meeting              BLOB    CHECK (meeting IS NULL OR length(meeting) = 16),
    agenda_item          BLOB    CHECK (agenda_item IS NULL OR length(agenda_item) = 16),
    paper                BLOB    CHECK (paper IS NULL OR length(paper) = 16),
    organization         BLOB    CHECK (organization IS NULL OR length(organization) = 16),
    person               BLOB    CHECK (person IS NULL OR length(person) = 16),
    item_order           INTEGER,                       -- place on the agenda
    starts_at_ms         INTEGER,                       -- start of a meeting
    first_received_at_ms INTEGER NOT NULL,              -- when this device first saw the object
    changed_at_ms        INTEGER NOT NULL               -- when this device saw its present state
) STRICT;
CREATE INDEX objects_kind ON objects (kind, starts_at_ms);
CREATE INDEX objects_meeting ON objects (meeting, item_order) WHERE meeting IS NOT NULL;
CREATE INDEX objects_agenda_item ON objects (agenda_item) WHERE agenda_item IS NOT NULL;
CREATE INDEX objects_paper ON objects (paper) WHERE paper IS NOT NULL;

-- Entries that cannot be read (yet): no class key of their epoch is here, or their kind is of a later version.
CREATE TABLE sealed_entries (
    object_id        BLOB    NOT NULL PRIMARY KEY CHECK (length(object_id) = 16),
    key_epoch        INTEGER NOT NULL,
    header           BLOB    NOT NULL,                  -- the entry's header as signed
    sealed_payload   BLOB    NOT NULL,
    wrapped_file_key BLOB
) STRICT;

CREATE TABLE files (
    object_id   BLOB    NOT NULL PRIMARY KEY CHECK (length(object_id) = 16)
                REFERENCES objects (object_id) ON DELETE CASCADE,
    blob_id     BLOB    NOT NULL CHECK (length(blob_id) = 32), -- SHA-256 of the ciphertext
    wrapped_key BLOB    NOT NULL,                       -- file key, wrapped under the class key
    key_epoch   INTEGER NOT NULL,                       -- epoch of that class key
    revision    INTEGER NOT NULL,                       -- revision the wrapped key is bound to
    byte_len    INTEGER NOT NULL CHECK (byte_len >= 0), -- plain length
    page_count  INTEGER,
    present     INTEGER NOT NULL DEFAULT 0 CHECK (present IN (0, 1)) -- the blob is whole on this device
) STRICT;
CREATE INDEX files_blob ON files (blob_id);
CREATE INDEX files_missing ON files (present) WHERE present = 0;

-- Which object carries which file, in the order shown.
CREATE TABLE file_uses (
    owner    BLOB    NOT NULL REFERENCES objects (object_id) ON DELETE CASCADE,
    role     INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4), -- 0 main, 1 auxiliary, 2 agenda item, 3 invitation, 4 minutes
    position INTEGER NOT NULL,
    file     BLOB    NOT NULL CHECK (length(file) = 16),
    PRIMARY KEY (owner, role, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_uses_file ON file_uses (file);

-- How far this database follows its audience's chain.
CREATE TABLE chain_state (
    audience BLOB    NOT NULL PRIMARY KEY CHECK (length(audience) = 16),
    seq      INTEGER NOT NULL CHECK (seq >= 0),
    hash     BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- In council.db only. Receipts (delivery, Zugang): made once per meeting and revision of its invitation.
CREATE TABLE receipts (
    meeting             BLOB    NOT NULL CHECK (length(meeting) = 16),
    invitation_revision INTEGER NOT NULL,
    blob_id             BLOB    NOT NULL CHECK (length(blob_id) = 32),
    made_at_ms          INTEGER NOT NULL,               -- this device's clock
    signed              BLOB    NOT NULL,               -- the signed receipt
    server_at_ms        INTEGER,                        -- the server's clock when it took it; NULL: still queued
    PRIMARY KEY (meeting, invitation_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_queued ON receipts (server_at_ms) WHERE server_at_ms IS NULL;
";
