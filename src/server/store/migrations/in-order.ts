/** All migrations in order; the number of one is its position from 1, kept in SQLite's `user_version`. */
import { FIRST_TABLES } from './0001-first-tables.ts';
import { LINK_BINDINGS } from './0002-link-bindings.ts';
import { TAGS } from './0003-tags.ts';
import { SERVER_KEYS } from './0004-server-keys.ts';
import { PROBLEMS } from './0005-problems.ts';
import { TEAMS } from './0006-teams.ts';
import { AUDIT } from './0007-audit.ts';
import { KEY_SCOPE } from './0008-key-scope.ts';
import { GROUPS } from './0009-groups.ts';
import { SECOND_FACTOR } from './0010-second-factor.ts';
import { IDENTITIES } from './0011-identities.ts';
import { CONTROLS } from './0012-controls.ts';
import { MAINTENANCE } from './0013-maintenance.ts';

/** SQL scripts; migration N is element N-1. */
export const MIGRATIONS: readonly string[] = [
  FIRST_TABLES,
  LINK_BINDINGS,
  TAGS,
  SERVER_KEYS,
  PROBLEMS,
  TEAMS,
  AUDIT,
  KEY_SCOPE,
  GROUPS,
  SECOND_FACTOR,
  IDENTITIES,
  CONTROLS,
  MAINTENANCE,
];
