/** A server that another `npm start` runs on the same data folder; it announces itself in server.json there. */
import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';

export interface RunningServer {
  /** https://127.0.0.1:9443 */
  readonly url: string;
  readonly instanceId: string;
}

const ANSWER_DEADLINE_MS = 2_000;

/** The server that has the data folder open and answers; a file left by a crash counts as none, whoever has its process id now. */
export async function findRunningServer(dataFolder: string): Promise<RunningServer | undefined> {
  const text = await readFile(join(dataFolder, 'server.json'), 'utf8').catch(() => '');
  const { pid, url, instanceId } = fields(text);
  if (typeof pid !== 'number' || typeof url !== 'string' || typeof instanceId !== 'string')
    return undefined;
  const isIt = isAlive(pid) && (await aboutOf(url)).instanceId === instanceId;
  return isIt ? { url, instanceId } : undefined;
}

function fields(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** What the server says of itself, to tell whether it is the one; trust is a matter of whoever sends it a credential. */
async function aboutOf(url: string): Promise<Readonly<Record<string, unknown>>> {
  // Its schemas are slow to load, and most starts find no such file.
  const { ABOUT_PATH } = await import('../protocol/about.ts');
  return await new Promise((resolve) => {
    const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS);
    const request = get(`${url}${ABOUT_PATH}`, { rejectUnauthorized: false, agent: false, signal });
    request.once('error', () => resolve({}));
    request.once('response', (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.once('error', () => resolve({}));
      response.once('end', () => resolve(fields(text)));
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
