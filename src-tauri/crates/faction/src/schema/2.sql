-- How documents for everybody in the space read now; made from the items and made again from them at any time.
CREATE TABLE reading (
    space INTEGER NOT NULL REFERENCES space (id),
    item BLOB NOT NULL CHECK (length(item) = 16),
    -- CBOR of texts, values and speakers.
    bytes BLOB NOT NULL,
    PRIMARY KEY (space, item)
) STRICT, WITHOUT ROWID;

-- Also answers who was the last to say something about a thing, without a look at what was said.
DROP INDEX item_by_id;
CREATE INDEX item_by_id ON item (space, item, id, kind, author, at_ms);
