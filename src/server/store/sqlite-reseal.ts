/** Every sealed text of the database sealed anew, in one transaction: all of them or none. */
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Where a text is sealed by its mark; what has none is not. */
const MARK = 'sealed:';

type Reseal = (sealed: string) => string;

/** `change` gets the base64 of a seal and may throw; `keyCheck` is the setting by which the key is known from then on. */
export async function resealSqlite(
  db: Kysely<Tables>,
  change: Reseal,
  keyCheck: { readonly name: string; readonly value: string },
): Promise<void> {
  await db.transaction().execute(async (within) => {
    for (const { name, value } of await within.selectFrom('settings').selectAll().execute()) {
      const fresh = name === keyCheck.name ? keyCheck.value : inSetting(value, change);
      if (fresh === value) continue;
      await within.updateTable('settings').set({ value: fresh }).where('name', '=', name).execute();
    }
    await resealRows(within, change);
  });
}

async function resealRows(within: Kysely<Tables>, change: Reseal): Promise<void> {
  const environments = within.selectFrom('environments').select(['id', 'tls_key']);
  for (const { id, tls_key } of await environments.execute()) {
    if (!tls_key.startsWith(MARK)) continue;
    const values = { tls_key: marked(tls_key, change) };
    await within.updateTable('environments').set(values).where('id', '=', id).execute();
  }
  const bindings = within.selectFrom('link_bindings').select(['environment_id', 'join_key']);
  for (const { environment_id: id, join_key } of await bindings.execute()) {
    if (join_key === null) continue;
    const values = { join_key: change(join_key) };
    await within
      .updateTable('link_bindings')
      .set(values)
      .where('environment_id', '=', id)
      .execute();
  }
  const factors = within.selectFrom('second_factors').select(['user_id', 'secret']);
  for (const { user_id: id, secret } of await factors.execute()) {
    const values = { secret: change(secret) };
    await within.updateTable('second_factors').set(values).where('user_id', '=', id).execute();
  }
}

const marked = (text: string, change: Reseal): string =>
  `${MARK}${change(text.slice(MARK.length))}`;

/** A sealed setting, or one in JSON whose client secret is. */
function inSetting(value: string, change: Reseal): string {
  if (value.startsWith(MARK)) return marked(value, change);
  if (!value.startsWith('{') || !value.includes('"clientSecret"')) return value;
  const fields = JSON.parse(value) as { clientSecret?: string };
  if (!fields.clientSecret) return value;
  return JSON.stringify({ ...fields, clientSecret: change(fields.clientSecret) });
}
