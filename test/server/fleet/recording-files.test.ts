/** Which recordings a backup takes along: the newest that have room, and nothing else that lies there. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pickRecordings } from '../../../src/server/fleet/recording-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const nameOf = (day: number): string => `${1_766_000_000_000 + day}-0123456789ab.cast`;

test('the newest first, as many as have room', async () => {
  await using folder = await temporaryFolder();
  expect(await pickRecordings(folder.path)).toEqual({ names: [], leftOut: 0 });
  const recordings = join(folder.path, 'recordings');
  await mkdir(recordings);
  for (const day of [2, 1, 3]) await writeFile(join(recordings, nameOf(day)), 'x'.repeat(100));
  await writeFile(join(recordings, 'note.txt'), 'mine');
  expect(await pickRecordings(folder.path, 250)).toEqual({
    names: [nameOf(3), nameOf(2)],
    leftOut: 1,
  });
  expect((await pickRecordings(folder.path)).names).toHaveLength(3);
});
