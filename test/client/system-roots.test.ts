/** A company's own authority in the system's store is enough: no fingerprint to compare, no flag. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseServerAddress } from '../../src/client/server-address.ts';
import { tryDial } from '../../src/client/server-dial.ts';
import { certificateFor, listenHttps } from '../support/listeners.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function trustedBy(port: number, host: string): Promise<string> {
  const address = parseServerAddress(`https://${host}:${port}`);
  const dialled = await tryDial(address, { signal: AbortSignal.timeout(10_000) });
  if ('fault' in dialled) return dialled.fault.code;
  dialled.socket.destroy();
  return dialled.trustedBy;
}

it('trusts what an authority of the system vouches for, by name', async () => {
  await using folder = await temporaryFolder();
  const ca = await certificateFor({ name: 'Test authority' });
  const bundle = join(folder.path, 'roots.pem');
  await writeFile(bundle, ca.cert);
  process.env.SSL_CERT_FILE = bundle;
  await using known = await listenHttps(await certificateFor({ ca }), () => undefined);
  const other = await certificateFor({ ca, name: 'other.example' });
  await using misnamed = await listenHttps(other, () => undefined);
  await using stranger = await listenHttps(await certificateFor(), () => undefined);
  expect(await trustedBy(known.port, 'localhost')).toBe('system-roots');
  expect(await trustedBy(known.port, '127.0.0.1')).toBe('system-roots');
  expect(await trustedBy(misnamed.port, 'localhost')).toBe('wrong-certificate');
  expect(await trustedBy(stranger.port, 'localhost')).toBe('wrong-certificate');
});
