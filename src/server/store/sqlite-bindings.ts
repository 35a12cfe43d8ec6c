/** Link bindings in SQL. The notes of how links ended are JSON text in their column. */
import type { Kysely, Selectable } from 'kysely';
import type { BindingStore, LinkBinding } from './store.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['link_bindings']>;

function toBinding(row: Row): LinkBinding {
  return {
    environmentId: row.environment_id,
    joinKey: row.join_key,
    joinExpiresAtMs: row.join_expires_at_ms,
    agentFingerprint: row.agent_fingerprint,
    nextFingerprint: row.next_fingerprint,
    serverFingerprint: row.server_fingerprint,
    boundAtMs: row.bound_at_ms,
    rotatedAtMs: row.rotated_at_ms,
    agentProduct: row.agent_product,
    lastSeenAtMs: row.last_seen_at_ms,
    ends: JSON.parse(row.ends),
  };
}

function toRow(binding: LinkBinding): Row {
  return {
    environment_id: binding.environmentId,
    join_key: binding.joinKey,
    join_expires_at_ms: binding.joinExpiresAtMs,
    agent_fingerprint: binding.agentFingerprint,
    next_fingerprint: binding.nextFingerprint,
    server_fingerprint: binding.serverFingerprint,
    bound_at_ms: binding.boundAtMs,
    rotated_at_ms: binding.rotatedAtMs,
    agent_product: binding.agentProduct,
    last_seen_at_ms: binding.lastSeenAtMs,
    ends: JSON.stringify(binding.ends),
  };
}

/** The table of link bindings as a BindingStore. */
export function sqliteBindings(db: Kysely<Tables>): BindingStore {
  const exists = (within: Kysely<Tables>, id: number) =>
    within.selectFrom('environments').select('id').where('id', '=', id).executeTakeFirst();
  return {
    async list() {
      return (await db.selectFrom('link_bindings').selectAll().execute()).map(toBinding);
    },
    async putAll(bindings) {
      await db.transaction().execute(async (within) => {
        for (const binding of bindings) {
          if ((await exists(within, binding.environmentId)) === undefined) continue;
          const row = toRow(binding);
          await within
            .insertInto('link_bindings')
            .values(row)
            .onConflict((conflict) => conflict.column('environment_id').doUpdateSet(row))
            .execute();
        }
      });
    },
  };
}
