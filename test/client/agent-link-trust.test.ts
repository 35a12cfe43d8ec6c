/** A console's own link to an agent: what it recognises it by, and that nobody can talk it down to the old way. */
import { X509Certificate } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { agentFleet } from '../../src/client/agent-fleet.ts';
import { agentPin, pinAgent } from '../../src/client/contexts.ts';
import { fingerprintOf } from '../../src/link/pin.ts';
import { type InProcessAgent, startDirectAgent } from '../support/link-agent.ts';
import { certificateFor, listenHttps } from '../support/listeners.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const SECRET = 'a secret of the fleet';

async function check(
  port: number,
  folder: string,
  options: { secret?: string; trust?: string } = {},
): Promise<void> {
  await using fleet = await agentFleet({ host: '127.0.0.1', port, folder, ...options });
  await fleet.check(AbortSignal.timeout(15_000));
}

const keptOf = (port: number, folder: TemporaryFolder) =>
  agentPin(`127.0.0.1:${port}`, folder.path);

/** The same agent on the same port, with a link key of its own making that is not the one before. */
async function rekeyed(
  agent: InProcessAgent,
  data: TemporaryFolder,
  env: Record<string, string>,
): Promise<InProcessAgent> {
  await agent[Symbol.asyncDispose]();
  for (const name of ['link.key', 'link.crt']) await rm(join(data.path, name));
  return await startDirectAgent({ ...env, AGENT_PORT: String(agent.port), DATA_PATH: data.path });
}

describe('the link key of an agent', () => {
  it('without a secret is kept at first contact; another one is refused until a person accepts it', async () => {
    await using folder = await temporaryFolder();
    await using data = await temporaryFolder();
    const agent = await startDirectAgent({ DATA_PATH: data.path });
    const { port } = agent;
    await check(port, folder.path);
    await check(port, folder.path);
    const kept = await keptOf(port, folder);
    expect(kept?.linkFingerprint).toMatch(/^[\w+/]{43}=$/);
    await using _again = await rekeyed(agent, data, {});
    const refused = check(port, folder.path);
    await expect(refused).rejects.toMatchObject({ code: 'wrong-certificate' });
    await expect(refused).rejects.toThrow(kept?.linkFingerprint);
    expect(await keptOf(port, folder)).toEqual(kept);
    await check(port, folder.path, { trust: kept?.fingerprint ?? '' });
    const anew = await keptOf(port, folder);
    expect(anew?.linkFingerprint).toMatch(/^[\w+/]{43}=$/);
    expect(anew?.linkFingerprint).not.toBe(kept?.linkFingerprint);
  });

  it('may change where the secret proves who it is, as its server rotates it', async () => {
    await using folder = await temporaryFolder();
    await using data = await temporaryFolder();
    const env = { AGENT_SECRET: SECRET, DATA_PATH: data.path };
    const agent = await startDirectAgent(env);
    const { port } = agent;
    await check(port, folder.path, { secret: SECRET });
    const kept = await keptOf(port, folder);
    await using _again = await rekeyed(agent, data, env);
    await check(port, folder.path, { secret: SECRET });
    const anew = await keptOf(port, folder);
    expect(anew).toEqual({ ...kept, linkFingerprint: expect.stringMatching(/=$/) });
    expect(anew?.linkFingerprint).not.toBe(kept?.linkFingerprint);
  });
});

describe('the secret', () => {
  it.each([
    ['an agent with another secret', { AGENT_SECRET: 'another one' }],
    ['an agent without any', {}],
  ])('is not proved by %s, which is said without naming it', async (_name, env) => {
    await using folder = await temporaryFolder();
    await using data = await temporaryFolder();
    await using agent = await startDirectAgent({ ...env, DATA_PATH: data.path });
    const checking = check(agent.port, folder.path, { secret: SECRET });
    await expect(checking).rejects.toMatchObject({ code: 'signature-refused' });
    await expect(checking).rejects.toThrow(/AGENT_SECRET differs/);
    await expect(checking).rejects.not.toThrow(SECRET);
    expect(await keptOf(agent.port, folder)).toBeUndefined();
  });
});

it('an agent that was linked before is never talked to in the old way again', async () => {
  await using folder = await temporaryFolder();
  const certificate = await certificateFor();
  const seen: string[] = [];
  await using impostor = await listenHttps(certificate, (request, response) => {
    seen.push(`${request.url}`);
    response.setHeader('Portainer-Agent', '2.23.0');
    response.writeHead(request.url === '/ping' ? 204 : 404).end();
  });
  const fingerprint = fingerprintOf(new X509Certificate(certificate.cert).raw);
  const pin = { address: impostor.where, fingerprint, linkFingerprint: 'of-an-earlier-contact' };
  await pinAgent(pin, folder.path);
  await expect(check(impostor.port, folder.path)).rejects.toThrow(/offers no link any more/);
  // Straight, then as a WebSocket; and nothing else.
  expect(seen).toEqual(['/ping', '/fleet/link', '/fleet/link']);
});

describe('a proxy named in the environment', () => {
  afterEach(() => {
    delete process.env.HTTPS_PROXY;
  });

  it('is not asked on the way to an agent', async () => {
    process.env.HTTPS_PROXY = 'http://127.0.0.1:1';
    await using folder = await temporaryFolder();
    await using data = await temporaryFolder();
    await using agent = await startDirectAgent({ DATA_PATH: data.path });
    await check(agent.port, folder.path);
    await agent.says(/Linked\..*fleet-tui/);
  });
});
