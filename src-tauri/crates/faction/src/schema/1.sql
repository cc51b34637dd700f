-- One space of a faction on this device.
CREATE TABLE space (
    id INTEGER PRIMARY KEY,
    -- Hash of the genesis link.
    faction BLOB NOT NULL UNIQUE CHECK (length(faction) = 32),
    -- The council whose server carries it.
    council BLOB NOT NULL CHECK (length(council) = 16),
    -- Whose device this is, and its keys for this space alone.
    user BLOB NOT NULL CHECK (length(user) = 16),
    device BLOB NOT NULL CHECK (length(device) = 16),
    sign_key BLOB NOT NULL CHECK (length(sign_key) = 32),
    box_key BLOB NOT NULL CHECK (length(box_key) = 32),
    -- Whether the server has the genesis.
    is_created INTEGER NOT NULL CHECK (is_created IN (0, 1)),
    -- How far the server's order of envelopes was fetched.
    fetched INTEGER NOT NULL DEFAULT 0,
    -- The last item that its owner has looked at, by its id here; NULL: everything that comes with the first exchange counts as old.
    seen INTEGER
) STRICT;

-- The verified roster, from the genesis without gaps.
CREATE TABLE link (
    space INTEGER NOT NULL REFERENCES space (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    signed BLOB NOT NULL,
    PRIMARY KEY (space, seq)
) STRICT, WITHOUT ROWID;

-- Seeds that fit the roster's commitments.
CREATE TABLE seed (
    space INTEGER NOT NULL REFERENCES space (id),
    epoch INTEGER NOT NULL CHECK (epoch > 0),
    seed BLOB NOT NULL CHECK (length(seed) = 32),
    PRIMARY KEY (space, epoch)
) STRICT, WITHOUT ROWID;

-- How far each device was followed.
CREATE TABLE author (
    space INTEGER NOT NULL REFERENCES space (id),
    device BLOB NOT NULL CHECK (length(device) = 16),
    counter INTEGER NOT NULL CHECK (counter > 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    roster_seq INTEGER NOT NULL,
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;

-- What was said, item by item; kinds of a later version stay here as they came.
CREATE TABLE item (
    -- Never used again, so that what comes later is always greater.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    space INTEGER NOT NULL REFERENCES space (id),
    author BLOB NOT NULL CHECK (length(author) = 16),
    -- Envelope of the author that it came in.
    counter INTEGER NOT NULL CHECK (counter > 0),
    at_ms INTEGER NOT NULL,
    item BLOB NOT NULL CHECK (length(item) = 16),
    kind INTEGER NOT NULL,
    -- CBOR of the item.
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX item_by_id ON item (space, item, kind);
CREATE INDEX item_by_kind ON item (space, kind);
CREATE INDEX item_by_author ON item (space, author, counter);

-- What was said here and has not reached the server: nowhere else in the world.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    space INTEGER NOT NULL REFERENCES space (id),
    at_ms INTEGER NOT NULL,
    -- CBOR of the item.
    bytes BLOB NOT NULL
) STRICT;

-- The envelope that was sealed and sent, until the server has answered: the same bytes again, or others after a clear no.
CREATE TABLE sending (
    space INTEGER PRIMARY KEY REFERENCES space (id),
    envelope BLOB NOT NULL,
    last_outbox INTEGER NOT NULL
) STRICT;

-- What shall be changed in the roster; links are made of it when they are sent.
CREATE TABLE intent (
    id INTEGER PRIMARY KEY,
    space INTEGER NOT NULL REFERENCES space (id),
    bytes BLOB NOT NULL
) STRICT;

-- Documents for everybody in the space, merged; made from the items and made again from them at any time.
CREATE TABLE document (
    space INTEGER NOT NULL REFERENCES space (id),
    item BLOB NOT NULL CHECK (length(item) = 16),
    merged BLOB NOT NULL,
    PRIMARY KEY (space, item)
) STRICT, WITHOUT ROWID;

-- Invitations that this device has given out.
CREATE TABLE invitation (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    space INTEGER NOT NULL REFERENCES space (id),
    join_key BLOB NOT NULL CHECK (length(join_key) = 32),
    is_letter INTEGER NOT NULL CHECK (is_letter IN (0, 1)),
    -- NULL: a further device of the owner.
    role INTEGER,
    expires_at_ms INTEGER NOT NULL,
    tries_left INTEGER NOT NULL,
    -- CBOR of the messages exchanged so far.
    start BLOB,
    offer BLOB,
    finish BLOB,
    is_used INTEGER NOT NULL CHECK (is_used IN (0, 1))
) STRICT;

-- What could not be taken because a newer version said it; told to the member once for each.
CREATE TABLE newer (
    space INTEGER NOT NULL REFERENCES space (id),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    bytes BLOB NOT NULL,
    PRIMARY KEY (space, digest)
) STRICT;

-- Spaces that this device is about to join.
CREATE TABLE joining (
    -- The invitation.
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    council BLOB NOT NULL CHECK (length(council) = 16),
    join_key BLOB NOT NULL CHECK (length(join_key) = 32),
    -- The scanned text; NULL: a letter.
    qr TEXT,
    device BLOB NOT NULL CHECK (length(device) = 16),
    sign_key BLOB NOT NULL CHECK (length(sign_key) = 32),
    box_key BLOB NOT NULL CHECK (length(box_key) = 32),
    -- How she and her device are called here: CBOR.
    names BLOB NOT NULL,
    -- CBOR of the messages exchanged so far.
    start BLOB NOT NULL,
    offer BLOB,
    finish BLOB
) STRICT;
