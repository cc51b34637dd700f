-- Documents are kept merged up to an item, and what came later is merged on top of that.
DROP TABLE document;

-- Documents for everybody in the space, merged; made from the items and made again from them at any time.
CREATE TABLE document (
    space INTEGER NOT NULL REFERENCES space (id),
    item BLOB NOT NULL CHECK (length(item) = 16),
    merged BLOB NOT NULL,
    -- The last edit that is in it, by its id in `item`; nothing that waits to be sent is in it.
    upto INTEGER NOT NULL,
    PRIMARY KEY (space, item)
) STRICT, WITHOUT ROWID;

-- Whether the marks that were shared in it are laid over pages here.
ALTER TABLE space ADD COLUMN is_layer_shown INTEGER NOT NULL DEFAULT 1 CHECK (is_layer_shown IN (0, 1));
