/** Sends made-up requests to a server of its own, as a process, and tells what it could not bear. */
import { randomInt } from 'node:crypto';
import { Agent } from 'node:https';
import { type MadeRequest, madeRequests } from './api-fuzz.ts';
import { httpsCall } from './https-call.ts';
import { inTurn } from './in-turn.ts';
import { patientCall } from './patient-call.ts';
import { codeOf, turnOnFactor } from './second-factor.ts';
import { startServer, type TestServer } from './server.ts';
import { until } from './until.ts';

export interface FuzzReport {
  readonly seed: number;
  readonly sent: number;
  readonly seconds: number;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What must not be: one line each. */
  readonly failures: readonly string[];
}

const AT_ONCE = 8;

function seedOf(): number {
  return Number(process.env.FLEET_FUZZ_SEED ?? randomInt(1 << 30));
}

/** An administrator's key, made anew when a request has taken the one before away; asked for from an address of its own. */
class Credential {
  readonly #server: TestServer;
  #key: Promise<string>;

  constructor(server: TestServer) {
    this.#server = server;
    this.#key = this.#make();
  }

  get key(): Promise<string> {
    return this.#key;
  }

  /** That key was refused. */
  async replace(key: string): Promise<void> {
    if ((await this.#key) === key) this.#key = this.#make();
    await this.#key;
  }

  async #make(): Promise<string> {
    const { url, adminPassword: password } = this.#server;
    const agent = new Agent({ localAddress: '127.0.0.2' });
    const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      patientCall(url, path, { method: 'POST', headers, body, agent });
    let key = '';
    await until(async () => {
      const { body: signedIn } = await ask('/api/auth', { Username: 'admin', Password: password });
      const headers = { Authorization: `Bearer ${signedIn?.jwt}` };
      const wish = { password, description: 'fuzz' };
      const make = async () => (await ask('/api/users/1/tokens', wish, headers)).body?.rawAPIKey;
      key = (await make()) ?? '';
      if (key !== '' || signedIn?.jwt === undefined) return key;
      // A request has made the server require second factors: with one for a moment a key can be made.
      const owner = { url, token: signedIn.jwt, userId: 1 };
      const secret = await turnOnFactor(owner, password).catch(() => undefined);
      if (secret === undefined) return '';
      key = (await make()) ?? '';
      await until(async () => {
        const body = { Password: password, Code: codeOf(secret, 1) };
        const off = { method: 'DELETE', headers, body };
        return (await patientCall(url, '/api/fleet/users/1/second-factor', off)).status === 204;
      }, 60_000);
      return key;
    }, 120_000);
    agent.destroy();
    return key;
  }
}

/** Starts a server, sends so many requests, stops it; prints the seed first. */
export async function fuzzApi(count: number, args: readonly string[]): Promise<FuzzReport> {
  const seed = seedOf();
  console.log(`seed ${seed}: FLEET_FUZZ_SEED=${seed} makes the same requests again`);
  await using server = await startServer({ args });
  const credential = new Credential(server);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const statuses: Record<string, number> = {};
  const failures: string[] = [];
  const source = madeRequests(seed);
  const requests = Array.from({ length: count }, () => source.next().value as MadeRequest);
  const startMs = performance.now();
  const send = async (one: MadeRequest): Promise<void> => {
    const key = one.credential === 'administrator' ? await credential.key : 'ptr_wrong';
    const headers: Record<string, string> = one.credential === 'none' ? {} : { 'X-API-Key': key };
    const { method, path, body } = one;
    const told = `${one.name}: ${method} ${path.slice(0, 200)} ${body?.slice(0, 300) ?? ''}`;
    try {
      const call = { method, headers, body, agent, deadlineMs: 30_000 };
      const { status, text } = await httpsCall(server.url, path, call);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 401 && one.credential === 'administrator') await credential.replace(key);
      if (status >= 500) failures.push(`${status} ${told} -> ${text.slice(0, 200)}`);
    } catch (error) {
      failures.push(`${error instanceof Error ? error.message : error} ${told}`);
    }
  };
  await inTurn(requests, AT_ONCE, send);
  const seconds = (performance.now() - startMs) / 1_000;
  agent.destroy();
  if ((await httpsCall(server.url, '/api/status')).status !== 200)
    failures.push('no status after all');
  const broken = server
    .log()
    .split('\n')
    .filter((line) => /"level":(?:50|60)/.test(line));
  failures.push(...broken.slice(0, 20).map((line) => `log: ${line.slice(0, 600)}`));
  return { seed, sent: requests.length, seconds, statuses, failures };
}
