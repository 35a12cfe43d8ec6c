/** fleet-server: reads its settings, opens the store, serves until it is told to stop (SIGTERM, SIGINT, or its parent leaves). */
import type { Logger } from 'pino';
import { passInLargePieces } from '../docker/large-pieces.ts';
import { Fault } from '../protocol/fault.ts';
import { auditCommand } from './audit-command.ts';
import { backupCommand, restoreCommand } from './backup-command.ts';
import { composeServer, type RunningServer } from './compose.ts';
import { isRestoreWaiting, putRestoredInPlace } from './fleet/backup.ts';
import { logWarningsOfNode, serverLog } from './log.ts';
import { rekeyCommand } from './rekey-command.ts';
import { secondFactorCommand } from './second-factor-command.ts';
import { sessionsCommand } from './sessions-command.ts';
import { readSettings, type ServerSettings } from './settings.ts';
import { MIGRATIONS } from './store/migrations/in-order.ts';
import { openSqliteFile } from './store/sqlite-file.ts';
import { openSqliteStore } from './store/sqlite-store.ts';

const USAGE_STATUS = 2;

/** Starts a server with these settings; the clock can be handed in. Faults: data-in-use, bad-settings. */
export async function startServer(
  settings: ServerSettings,
  log: Logger,
  now: () => number = Date.now,
): Promise<RunningServer> {
  await putRestored(settings.dataFolder);
  const store = await openSqliteStore(settings.dataFolder);
  return composeServer({ settings, store, log, now });
}

/** A restore that waits takes the place of what is there, unless another process has that open. */
async function putRestored(dataFolder: string): Promise<void> {
  if (!(await isRestoreWaiting(dataFolder))) return;
  const { file } = await openSqliteFile(dataFolder);
  file.close();
  await putRestoredInPlace(dataFolder);
}

/** Resolves with the reason when somebody wants the server to stop. */
function askedToStop(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('disconnect', () => resolve('the parent process left'));
  });
}

function tellParent(server: RunningServer): void {
  const { address, port } = server.https;
  const { instanceId } = server;
  process.send?.({ kind: 'listening', https: { address, port }, instanceId });
}

async function serve(settings: ServerSettings): Promise<number> {
  const log = serverLog(settings.logLevel);
  logWarningsOfNode(log);
  const stopAsked = askedToStop();
  try {
    const server = await startServer(settings, log);
    const { https, http, url, instanceId, fingerprint } = server;
    const data = settings.dataFolder;
    log.info({ url, https, http, instanceId, fingerprint, data }, `listening on ${url}`);
    tellParent(server);
    process.on('SIGHUP', () => {
      server.services.certificate.reload().catch((thrown: unknown) => {
        log.error({ err: thrown }, 'the certificate of HTTPS was not read again');
      });
    });
    const restored = server.restored.then(() => 'a backup was restored');
    log.info({ why: await Promise.race([stopAsked, restored]) }, 'stopping');
    await server[Symbol.asyncDispose]();
    log.info('stopped');
    if (process.connected) process.disconnect();
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { code, details } = thrown;
    log.fatal({ code, ...(details !== undefined && { details }) }, thrown.message);
    if (process.connected) process.disconnect();
    return 1;
  }
}

/** What works on the data of a stopped server instead of serving. */
const COMMANDS: Readonly<Record<string, typeof auditCommand>> = {
  audit: auditCommand,
  backup: backupCommand,
  restore: (argv, tools) => restoreCommand(argv, { ...tools, schemaVersion: MIGRATIONS.length }),
  rekey: rekeyCommand,
  'second-factor': secondFactorCommand,
  sessions: sessionsCommand,
};

/** The program: its exit status. 0 stopped as asked, 1 could not start, 2 wrong flags; of a command its own. */
export async function main(argv: readonly string[]): Promise<number> {
  const command = COMMANDS[argv[0] ?? ''];
  if (command !== undefined) {
    const print = (line: string) => void process.stdout.write(`${line}\n`);
    return command(argv.slice(1), { open: openSqliteStore, print });
  }
  let settings: ReturnType<typeof readSettings>;
  try {
    settings = readSettings(argv, process.env);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    process.stderr.write(`fleet-server: ${thrown.message}\n`);
    return USAGE_STATUS;
  }
  if ('text' in settings) {
    process.stdout.write(settings.text);
    return settings.status;
  }
  passInLargePieces();
  return serve(settings);
}
