/** Migration 12: who owns which Docker object. A released migration never changes. */

/** The statements of migration 12. */
export const CONTROLS = `
CREATE TABLE resource_controls (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  environment_id INTEGER REFERENCES environments (id) ON DELETE CASCADE,
  resource_id TEXT NOT NULL,
  type INTEGER NOT NULL,
  user_ids TEXT NOT NULL,
  team_ids TEXT NOT NULL,
  is_public INTEGER NOT NULL,
  administrators_only INTEGER NOT NULL,
  sub_resource_ids TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX resource_controls_by_object
  ON resource_controls (type, resource_id, ifnull(environment_id, 0));
`;
