/** Recordings that end at the same moment where there is room for none: each is summed before one of them lets it go. */
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Recordings } from '../../../src/server/fleet/recordings.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SESSION = {
  ...{ user: 'kim', address: '::1', environmentId: 1, environment: 'eu-1' },
  ...{ containerId: 'c0', container: 'web', command: 'sh' },
};

test('each is vouched for, and a list at that moment is answered', async () => {
  await using folder = await temporaryFolder();
  const kept = new Map<string, string>();
  const settings = {
    get: async (name: string) => kept.get(name),
    set: async (name: string, value: string) => void kept.set(name, value),
  };
  const parts = { folder: folder.path, settings, log: pino({ level: 'silent' }) };
  const recordings = await Recordings.open({ ...parts, now: Date.now });
  await recordings.change({ everywhere: true, maxMegabytes: 0 });
  const begun = await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      recordings.begin({ kind: 'exec', id: `e${at}` }, SESSION),
    ),
  );
  const ended = begun.map((recording) => recordings.finish(recording));
  const lists = begun.map(() => recordings.list());
  const hashes = (await Promise.all(ended)).map((one) => one?.sha256.length);
  expect(hashes).toEqual(begun.map(() => 64));
  await Promise.all(lists);
  expect(await recordings.list()).toEqual([]);
});
