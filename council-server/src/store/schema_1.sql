-- What the server knows, version 1. Never edited after release; what comes later is a migration of its own.
-- Titles, names of nonpublic things and keys stand here only sealed; what is plain is what every paired device may read.

CREATE TABLE meta (
    name   TEXT PRIMARY KEY NOT NULL,
    value  BLOB NOT NULL                    -- plain facts of the council: id, name, generation, root document …
) STRICT, WITHOUT ROWID;

CREATE TABLE secret (
    name   TEXT PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL                    -- sealed under the master key, bound to the name
) STRICT, WITHOUT ROWID;

CREATE TABLE object_id (
    key_digest BLOB PRIMARY KEY NOT NULL CHECK (length(key_digest) = 32), -- keyed digest of the intake's own key
    id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind       INTEGER NOT NULL CHECK (kind > 0),
    source     TEXT NOT NULL                -- the intake that brought it; only this one removes it
) STRICT, WITHOUT ROWID;

CREATE TABLE term (
    id         BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    source     TEXT NOT NULL,
    name       TEXT NOT NULL,
    start_date TEXT,                        -- ISO day
    end_date   TEXT                         -- ISO day, the last one
) STRICT, WITHOUT ROWID;

CREATE TABLE organization (
    id     BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    source TEXT NOT NULL,
    key    TEXT NOT NULL,                   -- the intake's own key
    name   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE organization_village (
    organization BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    village      TEXT NOT NULL,
    PRIMARY KEY (organization, village)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id              BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    source          TEXT NOT NULL,
    key             TEXT NOT NULL,
    name            TEXT NOT NULL,
    form_of_address TEXT,
    title           TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    source       TEXT NOT NULL,
    person       BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    organization BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    role         TEXT,
    voting_right INTEGER CHECK (voting_right IN (0, 1)),
    start_date   TEXT,
    end_date     TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_person ON membership (person);

CREATE TABLE audience (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    kind         INTEGER NOT NULL CHECK (kind IN (0, 1, 2)), -- public, organization, village
    organization BLOB,
    village      TEXT,
    term         BLOB,
    seq          INTEGER NOT NULL DEFAULT 0 CHECK (seq >= 0),
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    key_epoch    INTEGER NOT NULL CHECK (key_epoch >= 1),
    CHECK ((kind = 1) = (organization IS NOT NULL)),
    CHECK ((kind = 2) = (village IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE class_key (
    audience      BLOB NOT NULL REFERENCES audience (id),
    epoch         INTEGER NOT NULL CHECK (epoch >= 1),
    sealed        BLOB NOT NULL,            -- sealed under the master key
    started_at_ms INTEGER NOT NULL,
    PRIMARY KEY (audience, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE reader (                       -- who may read a nonpublic audience, as settled last
    audience   BLOB NOT NULL REFERENCES audience (id),
    person     BLOB NOT NULL,
    from_epoch INTEGER NOT NULL CHECK (from_epoch >= 1), -- older class keys are not given
    until_date TEXT,                        -- the last day, where one is known
    PRIMARY KEY (audience, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX reader_by_person ON reader (person);

CREATE TABLE blob (
    id           BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 32),
    plain_digest BLOB NOT NULL CHECK (length(plain_digest) = 32), -- keyed digest of the plaintext
    audience_set BLOB NOT NULL CHECK (length(audience_set) = 32), -- digest of the audiences it was sealed for
    sealed_key   BLOB NOT NULL,             -- the file key, sealed under the master key
    plain_len    INTEGER NOT NULL CHECK (plain_len >= 0),
    page_count   INTEGER,
    stored_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_by_content ON blob (plain_digest, audience_set);

CREATE TABLE file_state (                   -- the newest revision of each file
    object           BLOB PRIMARY KEY NOT NULL CHECK (length(object) = 16),
    blob             BLOB NOT NULL REFERENCES blob (id),
    plain_digest     BLOB NOT NULL,
    revision         INTEGER NOT NULL CHECK (revision >= 1),
    revision_of_date TEXT,
    audiences        BLOB NOT NULL,         -- ids, 16 bytes each, ascending
    origin_stamp     TEXT                   -- what the source said about its version
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    audience         BLOB NOT NULL REFERENCES audience (id),
    seq              INTEGER NOT NULL CHECK (seq >= 1),
    header           BLOB NOT NULL,
    is_tombstone     INTEGER NOT NULL CHECK (is_tombstone IN (0, 1)),
    kind             INTEGER NOT NULL,
    object           BLOB NOT NULL CHECK (length(object) = 16),
    revision         INTEGER NOT NULL,
    key_epoch        INTEGER NOT NULL,
    blob             BLOB,
    sealed_payload   BLOB,                  -- NULL: a tombstone, or erased
    wrapped_file_key BLOB,                  -- NULL: no file, or erased
    PRIMARY KEY (audience, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_by_object ON entry (object, audience);
CREATE INDEX entry_by_blob ON entry (blob) WHERE blob IS NOT NULL;

CREATE TABLE listed (                       -- what each chain amounts to: the newest upsert of each object
    audience BLOB NOT NULL,
    object   BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (audience, object),
    FOREIGN KEY (audience, seq) REFERENCES entry (audience, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX listed_by_object ON listed (object);

CREATE TABLE invitation (
    id            BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    person        BLOB NOT NULL,
    sealed_code   BLOB,                     -- the code; NULL once it is used up
    in_person     INTEGER NOT NULL CHECK (in_person IN (0, 1)),
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    tries         INTEGER NOT NULL DEFAULT 0,
    used_at_ms    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE pairing (                      -- a pairing that was begun
    device        BLOB PRIMARY KEY NOT NULL CHECK (length(device) = 16),
    invitation    BLOB NOT NULL REFERENCES invitation (id),
    start_digest  BLOB NOT NULL CHECK (length(start_digest) = 32), -- the same start gets the same answer again
    sign_key      BLOB NOT NULL CHECK (length(sign_key) = 32),
    box_key       BLOB NOT NULL,
    hello         BLOB NOT NULL,
    transcript    BLOB NOT NULL CHECK (length(transcript) = 32),
    finished_mac  BLOB,                     -- the proof that finished it; the same proof gets the same answer again
    created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pairing_by_start ON pairing (invitation, start_digest);

CREATE TABLE device (
    id              BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    person          BLOB NOT NULL,
    sign_key        BLOB NOT NULL CHECK (length(sign_key) = 32),
    box_key         BLOB NOT NULL,
    sealed_words    BLOB NOT NULL,          -- the four words, to be compared by the office
    confirm_tries   INTEGER NOT NULL DEFAULT 0,
    paired_at_ms    INTEGER NOT NULL,
    confirmed_at_ms INTEGER,
    revoked_at_ms   INTEGER,
    seen_at_ms      INTEGER,
    head_counter    INTEGER NOT NULL DEFAULT 0 CHECK (head_counter >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_box (
    device   BLOB NOT NULL REFERENCES device (id),
    audience BLOB NOT NULL REFERENCES audience (id),
    epoch    INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (device, audience, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
    digest              BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32),
    device              BLOB NOT NULL REFERENCES device (id),
    meeting             BLOB NOT NULL,
    invitation_revision INTEGER NOT NULL,
    signed              BLOB NOT NULL,
    device_at_ms        INTEGER NOT NULL,
    server_at_ms        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_by_device ON receipt (device, server_at_ms);

CREATE TABLE audit (                        -- who did what when; never what about
    number INTEGER PRIMARY KEY,
    at_ms  INTEGER NOT NULL,
    action TEXT NOT NULL,
    device BLOB,
    count  INTEGER
) STRICT;
