-- private.db, version 4. Never edited after release.

-- Whoever stores a version asks whether a mark or a step waited for it, whoever removes one whether any still names it:
-- without these each stroke would walk through all steps ever made.
CREATE INDEX marks_by_version ON marks (version);
CREATE INDEX steps_by_before ON steps (before) WHERE before IS NOT NULL;
CREATE INDEX steps_by_after ON steps (after) WHERE after IS NOT NULL;
