-- Faction spaces, added in version 3. Never edited after release.
-- Everything shared is sealed by the devices of a space. The server reads rosters and headers, for which nobody's name is needed,
-- and keeps no times but the end of invitations.

CREATE TABLE faction_space (
    number     INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
    founded_by BLOB NOT NULL CHECK (length(founded_by) = 16), -- device of the council
    head_seq   INTEGER NOT NULL CHECK (head_seq >= 1),
    head_hash  BLOB NOT NULL CHECK (length(head_hash) = 32),
    last_place INTEGER NOT NULL DEFAULT 0 CHECK (last_place >= 0), -- of its last envelope
    byte_len   INTEGER NOT NULL CHECK (byte_len >= 0) -- links, boxes, envelopes and snapshot
) STRICT;
CREATE INDEX faction_space_by_founder ON faction_space (founded_by);

CREATE TABLE faction_link (
    space INTEGER NOT NULL REFERENCES faction_space (number),
    seq   INTEGER NOT NULL CHECK (seq >= 1),
    bytes BLOB NOT NULL,
    PRIMARY KEY (space, seq)
) STRICT;

CREATE TABLE faction_held (                 -- what the last roster of each space holds
    device BLOB NOT NULL CHECK (length(device) = 16), -- of the space
    space  INTEGER NOT NULL REFERENCES faction_space (number),
    PRIMARY KEY (device, space)
) STRICT, WITHOUT ROWID;

CREATE TABLE faction_access (               -- which device of the council is which device of a space
    space          INTEGER NOT NULL REFERENCES faction_space (number),
    device         BLOB NOT NULL REFERENCES device (id),
    faction_device BLOB NOT NULL CHECK (length(faction_device) = 16),
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX faction_access_by_device ON faction_access (device);

CREATE TABLE faction_box (                  -- a seed, sealed to one device of the space
    space  INTEGER NOT NULL REFERENCES faction_space (number),
    device BLOB NOT NULL CHECK (length(device) = 16),
    epoch  INTEGER NOT NULL CHECK (epoch >= 1),
    head   BLOB NOT NULL CHECK (length(head) = 32),
    bytes  BLOB NOT NULL,
    PRIMARY KEY (space, device, epoch)
) STRICT;

CREATE TABLE faction_author (               -- how far each device of the space was ordered
    space      INTEGER NOT NULL REFERENCES faction_space (number),
    device     BLOB NOT NULL CHECK (length(device) = 16),
    counter    INTEGER NOT NULL CHECK (counter >= 1),
    hash       BLOB NOT NULL CHECK (length(hash) = 32),
    roster_seq INTEGER NOT NULL CHECK (roster_seq >= 1),
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE faction_envelope (
    space   INTEGER NOT NULL REFERENCES faction_space (number),
    place   INTEGER NOT NULL CHECK (place >= 1), -- without gaps
    device  BLOB NOT NULL CHECK (length(device) = 16),
    counter INTEGER NOT NULL CHECK (counter >= 1),
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    bytes   BLOB NOT NULL,
    PRIMARY KEY (space, place),
    UNIQUE (space, device, counter)
) STRICT;

CREATE TABLE faction_snapshot (             -- the one that reaches furthest
    space INTEGER PRIMARY KEY REFERENCES faction_space (number),
    upto  INTEGER NOT NULL CHECK (upto >= 0), -- place
    bytes BLOB NOT NULL                     -- as it is answered
) STRICT;

CREATE TABLE faction_invitation (
    id            BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    space         INTEGER NOT NULL REFERENCES faction_space (number),
    opened_by     BLOB NOT NULL CHECK (length(opened_by) = 16), -- device of the council
    expires_at_ms INTEGER NOT NULL,
    start_count   INTEGER NOT NULL DEFAULT 0 CHECK (start_count >= 0),
    newcomer      BLOB CHECK (length(newcomer) = 16), -- device of the council
    start         BLOB,
    hello         BLOB,
    finish        BLOB,
    CHECK ((newcomer IS NULL) = (start IS NULL)),
    CHECK (hello IS NULL OR start IS NOT NULL),
    CHECK (finish IS NULL OR hello IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX faction_invitation_by_space ON faction_invitation (space);
