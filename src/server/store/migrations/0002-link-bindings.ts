/**
 * Migration 2: environments may be edge agents (type 4), and what is known of each environment's link. SQLite can't change a CHECK:
 * the table is made anew, with the pins set aside first, since dropping it would delete them. A released migration never changes.
 */

/** The statements of migration 2. */
export const LINK_BINDINGS = `
CREATE TABLE kept_pins AS SELECT environment_id, fingerprint FROM pins;
DROP TABLE pins;

CREATE TABLE next_environments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  type INTEGER NOT NULL CHECK (type IN (1, 2, 4)),
  container_engine TEXT NOT NULL,
  url TEXT NOT NULL,
  public_url TEXT NOT NULL,
  group_id INTEGER NOT NULL,
  tag_ids TEXT NOT NULL,
  gpus TEXT NOT NULL,
  tls INTEGER NOT NULL,
  tls_skip_verify INTEGER NOT NULL,
  tls_ca TEXT NOT NULL,
  tls_cert TEXT NOT NULL,
  tls_key TEXT NOT NULL,
  status INTEGER NOT NULL CHECK (status IN (1, 2)),
  agent_version TEXT NOT NULL,
  user_access_policies TEXT NOT NULL,
  team_access_policies TEXT NOT NULL,
  security_settings TEXT NOT NULL,
  edge_checkin_interval INTEGER NOT NULL,
  enable_gpu_management INTEGER NOT NULL,
  snapshot TEXT NOT NULL
) STRICT;
INSERT INTO next_environments SELECT * FROM environments;
DELETE FROM sqlite_sequence WHERE name = 'next_environments';
INSERT INTO sqlite_sequence (name, seq)
  SELECT 'next_environments', seq FROM sqlite_sequence WHERE name = 'environments';
DROP TABLE environments;
ALTER TABLE next_environments RENAME TO environments;

CREATE TABLE pins (
  environment_id INTEGER PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL
) STRICT;
INSERT INTO pins SELECT environment_id, fingerprint FROM kept_pins;
DROP TABLE kept_pins;

CREATE TABLE link_bindings (
  environment_id INTEGER PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
  join_key TEXT,
  join_expires_at_ms INTEGER,
  agent_fingerprint TEXT,
  next_fingerprint TEXT,
  bound_at_ms INTEGER,
  rotated_at_ms INTEGER,
  agent_product TEXT,
  last_seen_at_ms INTEGER,
  ends TEXT NOT NULL
) STRICT;
`;
