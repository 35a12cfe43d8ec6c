/** The tables as Kysely sees them. SQLite has no booleans: 0 and 1. */
import type { Generated } from 'kysely';

interface SettingsTable {
  name: string;
  value: string;
}

interface UsersTable {
  id: Generated<number>;
  username: string;
  /** The name in lower case; unique. */
  username_key: string;
  password_hash: string;
  role: number;
  tokens_valid_from: number;
}

interface ApiKeysTable {
  id: Generated<number>;
  user_id: number;
  description: string;
  prefix: string;
  digest: string;
  date_created: number;
  last_used: number;
  expires_at: number | null;
  environment_ids: string | null;
  role_id: number | null;
}

interface SecondFactorsTable {
  user_id: number;
  secret: string;
  confirmed_at: number | null;
  last_step: number;
}

interface IdentitiesTable {
  issuer: string;
  subject: string;
  user_id: number;
}

interface RecoveryCodesTable {
  user_id: number;
  digest: string;
}

interface RevocationsTable {
  token_id: string;
  expires_at: number;
}

interface EnvironmentsTable {
  id: Generated<number>;
  name: string;
  type: number;
  container_engine: string;
  url: string;
  public_url: string;
  group_id: number;
  tag_ids: string;
  gpus: string;
  tls: number;
  tls_skip_verify: number;
  tls_ca: string;
  tls_cert: string;
  tls_key: string;
  status: number;
  agent_version: string;
  user_access_policies: string;
  team_access_policies: string;
  security_settings: string;
  edge_checkin_interval: number;
  enable_gpu_management: number;
  snapshot: string;
}

interface PinsTable {
  environment_id: number;
  fingerprint: string;
}

interface TagsTable {
  id: Generated<number>;
  name: string;
}

interface GroupsTable {
  id: Generated<number>;
  name: string;
  description: string;
  user_access_policies: string;
  team_access_policies: string;
  tag_ids: string;
}

interface ControlsTable {
  id: Generated<number>;
  environment_id: number | null;
  resource_id: string;
  type: number;
  user_ids: string;
  team_ids: string;
  is_public: number;
  administrators_only: number;
  sub_resource_ids: string;
}

interface TeamsTable {
  id: Generated<number>;
  name: string;
}

interface MembershipsTable {
  id: Generated<number>;
  user_id: number;
  team_id: number;
  role: number;
}

interface AuditTable {
  sequence: number;
  at_ms: number;
  entry: string;
  hash: string;
}

interface LinkBindingsTable {
  environment_id: number;
  join_key: string | null;
  join_expires_at_ms: number | null;
  agent_fingerprint: string | null;
  next_fingerprint: string | null;
  server_fingerprint: string | null;
  bound_at_ms: number | null;
  rotated_at_ms: number | null;
  agent_product: string | null;
  last_seen_at_ms: number | null;
  ends: string;
}

interface ProblemsTable {
  id: string;
  environment_id: number;
  problem: string;
}

interface MaintenanceTable {
  environment_id: number;
  since_ms: number;
  until_ms: number;
  by_name: string;
  why: string;
}

/** All tables by name. */
export interface Tables {
  settings: SettingsTable;
  users: UsersTable;
  api_keys: ApiKeysTable;
  revocations: RevocationsTable;
  second_factors: SecondFactorsTable;
  recovery_codes: RecoveryCodesTable;
  identities: IdentitiesTable;
  environments: EnvironmentsTable;
  environment_groups: GroupsTable;
  resource_controls: ControlsTable;
  pins: PinsTable;
  link_bindings: LinkBindingsTable;
  tags: TagsTable;
  problems: ProblemsTable;
  maintenance: MaintenanceTable;
  teams: TeamsTable;
  audit: AuditTable;
  team_memberships: MembershipsTable;
}
