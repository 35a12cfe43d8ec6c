/** Migration 1: the tables of the first release. A released migration never changes. */

/** The statements of migration 1. */
export const FIRST_TABLES = `
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT NOT NULL,
  username_key TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role INTEGER NOT NULL CHECK (role IN (1, 2)),
  tokens_valid_from INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  description TEXT NOT NULL,
  prefix TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  date_created INTEGER NOT NULL,
  last_used INTEGER NOT NULL
) STRICT;
CREATE INDEX api_keys_by_user ON api_keys (user_id);

CREATE TABLE revocations (
  token_id TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE environments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  type INTEGER NOT NULL CHECK (type IN (1, 2)),
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

CREATE TABLE pins (
  environment_id INTEGER PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL
) STRICT;
`;
