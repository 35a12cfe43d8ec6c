/** Migration 9: groups of environments; group 1 holds whatever is in no other. A released migration never changes. */

/** The statements of migration 9. */
export const GROUPS = `
CREATE TABLE environment_groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  user_access_policies TEXT NOT NULL,
  team_access_policies TEXT NOT NULL,
  tag_ids TEXT NOT NULL
) STRICT;

INSERT INTO environment_groups VALUES (1, 'Unassigned', 'Unassigned environments', '{}', '{}', '[]');
UPDATE environments SET group_id = 1;
`;
