/** Environments and the pins of their agents in SQL. Lists and maps are JSON text in their columns. */
import type { Kysely, Selectable } from 'kysely';
import { Fault } from '../../protocol/fault.ts';
import { isUniqueViolation } from './sqlite-users.ts';
import type { EnvironmentRecord, EnvironmentStore, EnvironmentType, PinStore } from './store.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['environments']>;

const nameTaken = (thrown: unknown): unknown =>
  isUniqueViolation(thrown)
    ? new Fault('conflict', 'Name is not unique', {
        details: 'Another environment has that name.',
        cause: thrown,
      })
    : thrown;

function toRecord(row: Row): EnvironmentRecord {
  return {
    id: row.id,
    name: row.name,
    type: row.type as EnvironmentType,
    containerEngine: row.container_engine,
    url: row.url,
    publicUrl: row.public_url,
    groupId: row.group_id,
    tagIds: JSON.parse(row.tag_ids),
    gpus: JSON.parse(row.gpus),
    tls: row.tls === 1,
    tlsSkipVerify: row.tls_skip_verify === 1,
    tlsCa: row.tls_ca,
    tlsCert: row.tls_cert,
    tlsKey: row.tls_key,
    status: row.status as 1 | 2,
    agentVersion: row.agent_version,
    userAccessPolicies: JSON.parse(row.user_access_policies),
    teamAccessPolicies: JSON.parse(row.team_access_policies),
    securitySettings: JSON.parse(row.security_settings),
    edgeCheckinInterval: row.edge_checkin_interval,
    enableGpuManagement: row.enable_gpu_management === 1,
    snapshot: row.snapshot,
  };
}

function toColumns(environment: Omit<EnvironmentRecord, 'id'>): Omit<Row, 'id'> {
  return {
    name: environment.name,
    type: environment.type,
    container_engine: environment.containerEngine,
    url: environment.url,
    public_url: environment.publicUrl,
    group_id: environment.groupId,
    tag_ids: JSON.stringify(environment.tagIds),
    gpus: JSON.stringify(environment.gpus),
    tls: Number(environment.tls),
    tls_skip_verify: Number(environment.tlsSkipVerify),
    tls_ca: environment.tlsCa,
    tls_cert: environment.tlsCert,
    tls_key: environment.tlsKey,
    status: environment.status,
    agent_version: environment.agentVersion,
    user_access_policies: JSON.stringify(environment.userAccessPolicies),
    team_access_policies: JSON.stringify(environment.teamAccessPolicies),
    security_settings: JSON.stringify(environment.securitySettings),
    edge_checkin_interval: environment.edgeCheckinInterval,
    enable_gpu_management: Number(environment.enableGpuManagement),
    snapshot: environment.snapshot,
  };
}

/** The environment table as an EnvironmentStore. */
export function sqliteEnvironments(db: Kysely<Tables>): EnvironmentStore {
  const find = (from: Kysely<Tables>, id: number) =>
    from.selectFrom('environments').selectAll().where('id', '=', id).executeTakeFirst();
  return {
    async list() {
      const rows = await db.selectFrom('environments').selectAll().orderBy('id').execute();
      return rows.map(toRecord);
    },
    async get(id) {
      const row = await find(db, id);
      return row && toRecord(row);
    },
    async isNameTaken(name) {
      const row = await db
        .selectFrom('environments')
        .select('id')
        .where('name', '=', name)
        .executeTakeFirst();
      return row !== undefined;
    },
    async insert(environment) {
      try {
        const row = await db
          .insertInto('environments')
          .values(toColumns(environment))
          .returningAll()
          .executeTakeFirstOrThrow();
        return toRecord(row);
      } catch (thrown) {
        throw nameTaken(thrown);
      }
    },
    async update(id, change) {
      try {
        await db.transaction().execute(async (within) => {
          const row = await find(within, id);
          if (row === undefined) return;
          const columns = toColumns({ ...toRecord(row), ...change });
          await within.updateTable('environments').set(columns).where('id', '=', id).execute();
        });
      } catch (thrown) {
        throw nameTaken(thrown);
      }
    },
    async remove(id) {
      await db.deleteFrom('environments').where('id', '=', id).execute();
    },
  };
}

/** The pin table as a PinStore. */
export function sqlitePins(db: Kysely<Tables>): PinStore {
  return {
    async get(environmentId) {
      const row = await db
        .selectFrom('pins')
        .select('fingerprint')
        .where('environment_id', '=', environmentId)
        .executeTakeFirst();
      return row?.fingerprint;
    },
    async set(environmentId, fingerprint) {
      await db
        .insertInto('pins')
        .values({ environment_id: environmentId, fingerprint })
        .onConflict((conflict) => conflict.column('environment_id').doUpdateSet({ fingerprint }))
        .execute();
    },
    async remove(environmentId) {
      await db.deleteFrom('pins').where('environment_id', '=', environmentId).execute();
    },
  };
}
