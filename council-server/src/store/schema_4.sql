-- The chain of the audit, added in version 4. Never edited after release.
-- Of each entry and, through the one before, of all earlier ones; NULL: written before version 4, chained at the next start.
ALTER TABLE audit ADD COLUMN hash BLOB CHECK (length(hash) = 32);
