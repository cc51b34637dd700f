-- When faction spaces ended, added in version 5. Never edited after release.
-- When the server ordered the end, ms UTC, or first knew of it; NULL: it goes on.
ALTER TABLE faction_space ADD COLUMN ended_at_ms INTEGER;
