/** Migration 5: problems, so that what was acknowledged survives a restart. A released migration never changes. */

/** The statements of migration 5. */
export const PROBLEMS = `
CREATE TABLE problems (
  id TEXT PRIMARY KEY,
  environment_id INTEGER NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  problem TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
