/** Migration 13: who works on which environment, until when and why. A released migration never changes. */

/** The statements of migration 13. */
export const MAINTENANCE = `
CREATE TABLE maintenance (
  environment_id INTEGER PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
  since_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;
`;
