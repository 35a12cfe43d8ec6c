/** A setting of the server: its default, what outlives a restart, and what is kept and makes no sense. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { KeptSetting } from '../../../src/server/fleet/kept-setting.ts';
import { openSqliteStore } from '../../../src/server/store/sqlite-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LENGTH = { name: 'length', schema: z.coerce.number<string>().int().min(8), otherwise: 12 };
const TRUST = { name: 'trust', schema: z.stringbool(), otherwise: false };

test('what was set holds after a restart; until then, and where nothing can be read, the default', async () => {
  await using folder = await temporaryFolder();
  {
    await using store = await openSqliteStore(folder.path);
    const length = await KeptSetting.open(store.settings, LENGTH);
    const trust = await KeptSetting.open(store.settings, TRUST);
    expect([length.value, trust.value]).toEqual([12, false]);
    await Promise.all([length.set(20), trust.set(true)]);
    expect([length.value, trust.value]).toEqual([20, true]);
  }
  await using store = await openSqliteStore(folder.path);
  expect((await KeptSetting.open(store.settings, LENGTH)).value).toBe(20);
  expect((await KeptSetting.open(store.settings, TRUST)).value).toBe(true);
  await store.settings.set('length', 'long');
  expect((await KeptSetting.open(store.settings, LENGTH)).value).toBe(12);
});
