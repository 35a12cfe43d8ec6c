/** Opens what remembers who did what: the audit trail, what sends it on, and the recordings that it vouches for. */
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { Audit } from './fleet/audit.ts';
import { RECORDING_FOLDER } from './fleet/recording-files.ts';
import { Recordings } from './fleet/recordings.ts';
import type { ServerParts } from './server-parts.ts';
import { openSyslog } from './syslog-settings.ts';

/** `own` is given each thing that must be closed. */
export async function openTrail(
  parts: ServerParts,
  key: KeyObject,
  own: <Thing extends AsyncDisposable>(thing: Thing) => Thing,
) {
  const { store, settings, log, now } = parts;
  const audit = own(await Audit.open(store.audit, { key, now }));
  const syslog = await openSyslog({ ...parts, audit });
  if (syslog !== null) own(syslog);
  const folder = join(settings.dataFolder, RECORDING_FOLDER);
  const recordings = await Recordings.open({ folder, settings: store.settings, log, now });
  return { audit, syslog, recordings };
}
