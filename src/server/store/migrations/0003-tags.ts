/** Migration 3: tags, which environments carry by id in their column tag_ids. A released migration never changes. */

/** The statements of migration 3. */
export const TAGS = `
CREATE TABLE tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
) STRICT;
`;
