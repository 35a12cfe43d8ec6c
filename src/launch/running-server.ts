/** A server that another `npm start` runs on the same data folder; it announces itself in server.json there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunningServer {
  /** https://127.0.0.1:9443 */
  readonly url: string;
  readonly instanceId: string;
}

/** The server that has the data folder open, if its process lives; a file left by a crash counts as none. */
export async function findRunningServer(dataFolder: string): Promise<RunningServer | undefined> {
  const text = await readFile(join(dataFolder, 'server.json'), 'utf8').catch(() => '');
  const { pid, url, instanceId } = fields(text);
  if (typeof pid !== 'number' || typeof url !== 'string' || typeof instanceId !== 'string')
    return undefined;
  return isAlive(pid) ? { url, instanceId } : undefined;
}

function fields(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
