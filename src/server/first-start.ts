/** What a first start sets up from flags: the instance's name for itself, the administrator, the engine of this machine. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { asFault } from '../protocol/fault.ts';
import type { Accounts } from './fleet/accounts.ts';
import type { Environments } from './fleet/environments.ts';
import type { ServerSettings } from './settings.ts';
import type { SettingStore } from './store/store.ts';

const ADMINISTRATOR = 'admin';

/** The id by which clients recognise this server; made once. */
export async function loadOrCreateInstanceId(settings: SettingStore): Promise<string> {
  const known = await settings.get('instance-id');
  if (known !== undefined) return known;
  const made = randomUUID();
  await settings.set('instance-id', made);
  return made;
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (thrown) {
    const why = (thrown as Error).message;
    throw asFault(thrown, 'bad-settings', `--admin-password-file ${file} can't be read: ${why}.`);
  }
}

/** Creates `admin` from the flags unless there is an administrator; Faults of the accounts become settings faults. */
export async function createAdministrator(
  accounts: Accounts,
  settings: Pick<ServerSettings, 'adminPasswordFile' | 'adminPasswordHash'>,
): Promise<void> {
  const { adminPasswordFile, adminPasswordHash } = settings;
  if (await accounts.hasAdministrator()) return;
  if (adminPasswordHash !== undefined) {
    await accounts.createFirstAdministratorFromHash(ADMINISTRATOR, adminPasswordHash);
  } else if (adminPasswordFile !== undefined) {
    const password = await readPassword(adminPasswordFile);
    await accounts.createFirstAdministrator(ADMINISTRATOR, password);
  }
}

/** Registers the engine of `-H` when there is no environment yet: `local` for a socket, `primary` for TCP, as Portainer names them. */
export async function registerEngine(environments: Environments, url: string): Promise<void> {
  if ((await environments.list()).length > 0) return;
  const name = /^tcp:|^https?:/i.test(url) ? 'primary' : 'local';
  await environments.adopt({ name, type: 1, url });
}
