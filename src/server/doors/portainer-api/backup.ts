/**
 * POST /api/backup and POST /api/restore (Portainer API). A restore is open to strangers for as long as nobody is
 * administrator, which is the first five minutes of a new server; afterwards the server stops, to start on what was restored.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { z } from 'zod';
import { asFault, Fault } from '../../../protocol/fault.ts';
import { makeBackup, unpackBackup } from '../../fleet/backup.ts';
import { caseless, invalidPayload, readJson } from '../body.ts';
import { publicRoute, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const UPLOAD_LIMIT_BYTES = 4 * 2 ** 30;
const wishSchema = caseless({
  Password: z.string().max(4_096).default(''),
  /** Beyond Portainer: false leaves the recordings of sessions out. */
  Recordings: z.boolean().default(true),
});

/** portainer-backup_2026-11-28_09-30-00.tar.gz.encrypted, as Portainer names it. */
function nameAt(nowMs: number): string {
  const at = new Date(nowMs).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  return `portainer-backup_${at}.tar.gz.encrypted`;
}

/** For administrators, and for who has none yet. */
export function backupRoutes({ accounts, backups, tryLimit, log }: Services): Route[] {
  const { dataFolder, store, now } = backups;
  let isRestoring = false;
  const checkEmpty = async () => {
    if (!(await accounts.hasAdministrator())) return;
    throw new Fault('bad-request', 'Cannot restore already initialized instance', {
      details: 'Only a server that has no administrator yet is restored.',
    });
  };
  return [
    route(
      'POST',
      '/api/backup',
      async ({ request, grant }) => {
        const { Password: password, Recordings } = await readJson(request, wishSchema);
        const wish = { dataFolder, store, password, withRecordings: Recordings };
        const { archive: stream, leftOut } = await makeBackup({ ...wish, nowMs: now() });
        stream.once('error', (err) => log.error({ err }, 'a backup broke off'));
        log.info({ by: grant.user.username, recordingsLeftOut: leftOut }, 'backup made');
        const headers = {
          'Content-Type': 'application/octet-stream',
          'Content-Disposition': `attachment; filename=${nameAt(now())}`,
        };
        return { status: 200, stream, headers };
      },
      'administrator',
    ),
    publicRoute('POST', '/api/restore', async ({ request, address }) => {
      await tryLimit.count(address);
      await checkEmpty();
      if (isRestoring) throw new Fault('conflict', 'A restore is under way already.');
      isRestoring = true;
      const file = join(dataFolder, `upload-${randomUUID()}`);
      try {
        const password = await receive(request, file);
        const { schemaVersion } = store;
        await unpackBackup(createReadStream(file), { dataFolder, password, schemaVersion });
        await checkEmpty();
        log.warn({ address }, 'a backup was restored; the server stops now, to start on it');
        setImmediate(backups.restored);
        return { status: 200 };
      } finally {
        isRestoring = false;
        await rm(file, { force: true });
      }
    }),
  ];
}

/** Keeps the form's `file` and resolves with its `password`, whichever comes first. */
async function receive(request: IncomingMessage, path: string): Promise<string> {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data/i.test(contentType)) {
    throw invalidPayload('Send a form with the fields file and password.');
  }
  const limits = { fileSize: UPLOAD_LIMIT_BYTES, files: 1, fields: 10, fieldSize: 4_096 };
  const form = Busboy({ headers: { 'content-type': contentType }, limits });
  let password = '';
  let kept: Promise<void> | undefined;
  let isCut = false;
  form.on('field', (name, value) => {
    if (name.toLowerCase() === 'password') password = value;
  });
  form.on('file', (name, stream) => {
    stream.on('limit', () => {
      isCut = true;
    });
    if (name.toLowerCase() !== 'file') stream.resume();
    else kept = pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    kept?.catch(() => undefined);
  });
  await pipeline(request, form).catch((thrown: unknown) => {
    throw asFault(thrown, 'bad-request', 'The form is malformed.');
  });
  if (kept === undefined) throw invalidPayload('The form has no file.');
  await kept;
  if (isCut) throw new Fault('too-large', 'The backup is larger than 4 GiB.');
  return password;
}

/** What the routes read, for docs/openapi.json. */
export const backupBodies = {
  'POST /api/backup': wishSchema,
};
