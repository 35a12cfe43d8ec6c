/** Trust in an agent: its certificate is kept at first contact, ours must be the signature it accepts; peers that lie. */
import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { agentFleet } from '../../src/client/agent-fleet.ts';
import { agentPin } from '../../src/client/contexts.ts';
import { fingerprintOf } from '../../src/link/pin.ts';
import { checkSignature } from '../../src/link/signature.ts';
import { Fault } from '../../src/protocol/fault.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';
import { certificateFor, type Listener, listenHttps, listenTcp } from '../support/listeners.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** As much of an agent as trust needs: /ping, the signature check, and an engine behind it that is away. */
function agentWith(secret: string | undefined, seen: string[] = []): RequestListener {
  return (request, response) => {
    seen.push(request.url ?? '');
    response.setHeader('Portainer-Agent', '2.23.0');
    if (request.url === '/ping') return response.writeHead(204).end();
    const proved = checkSignature(request.headers, secret === undefined ? {} : { secret });
    if (!(proved instanceof Fault)) return response.writeHead(502).end();
    return response.writeHead(403).end(JSON.stringify({ message: proved.message }));
  };
}

async function check(
  agent: Listener,
  folder: string,
  options: { secret?: string; trust?: string } = {},
) {
  await using fleet = await agentFleet({ host: '127.0.0.1', port: agent.port, folder, ...options });
  await fleet.check(AbortSignal.timeout(10_000));
}

describe('the certificate of an agent', () => {
  it('is kept at first contact; another one is refused until a person accepts it', async () => {
    await using folder = await temporaryFolder();
    const first = await listenHttps(await certificateFor(), agentWith(undefined));
    await check(first, folder.path);
    const { port } = first;
    const pin = (await agentPin(`127.0.0.1:${port}`, folder.path))?.fingerprint;
    expect(pin).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    await check(first, folder.path);
    await first[Symbol.asyncDispose]();
    const seen: string[] = [];
    await using second = await listenHttps(
      await certificateFor(),
      agentWith(undefined, seen),
      port,
    );
    const refused = await check(second, folder.path).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'wrong-certificate' });
    expect(seen).toEqual([]);
    const { message } = refused as Fault;
    expect(message).toContain(pin);
    const trust = /--agent 127\.0\.0\.1:\d+ --trust (\S+)$/.exec(message)?.[1] ?? '';
    await check(second, folder.path, { trust });
    await check(second, folder.path);
    expect(await agentPin(`127.0.0.1:${port}`, folder.path)).toEqual({
      address: `127.0.0.1:${port}`,
      fingerprint: trust,
    });
  });

  it('is not kept for something that turns out to be no agent', async () => {
    await using folder = await temporaryFolder();
    await using web = await listenHttps(await certificateFor(), (_request, response) => {
      response.writeHead(200).end('<html>');
    });
    const checking = check(web, folder.path);
    await expect(checking).rejects.toMatchObject({ code: 'bad-peer' });
    await expect(checking).rejects.toThrow(/is no agent \(GET \/ping: status 200\)/);
    expect(await agentPin(web.where, folder.path)).toBeUndefined();
  });

  it('is compared with openssl’s own form', async () => {
    const { cert } = await certificateFor();
    const { X509Certificate } = await import('node:crypto');
    const certificate = new X509Certificate(cert);
    expect(fingerprintOf(certificate.raw)).toBe(certificate.fingerprint256);
  });
});

describe('the signature of this console', () => {
  it('is the same from run to run, made with the secret', async () => {
    await using folder = await temporaryFolder();
    await using agent = await listenHttps(await certificateFor(), agentWith('s3cret'));
    await check(agent, folder.path, { secret: 's3cret' });
    await check(agent, folder.path, { secret: 's3cret' });
  });

  it('refused is said in one sentence without the secret, and not tried for ever', async () => {
    await using folder = await temporaryFolder();
    await using agent = await listenHttps(await certificateFor(), agentWith('s3cret'));
    const wrong = { secret: 'my-wrong-one' };
    const checking = check(agent, folder.path, wrong);
    await expect(checking).rejects.toMatchObject({ code: 'signature-refused' });
    await expect(checking).rejects.toThrow(/AGENT_SECRET differs/);
    await expect(checking).rejects.not.toThrow(/my-wrong-one/);
    await using fleet = await agentFleet({
      host: '127.0.0.1',
      port: agent.port,
      folder: folder.path,
      ...wrong,
    });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connection?.kind === 'refused');
    expect(seen.environments).toMatchObject([{ connection: 'down', kind: 'agent' }]);
  });
});

describe('an address of an agent', () => {
  it('where something else stays silent or babbles is explained', async () => {
    await using folder = await temporaryFolder();
    await using ssh = await listenTcp((socket) => socket.end('SSH-2.0-x\r\n'));
    await expect(check(ssh, folder.path)).rejects.toThrow(/does not speak TLS/);
    await using mute = await listenHttps(await certificateFor(), () => undefined);
    const checking = check(mute, folder.path);
    await expect(checking).rejects.toMatchObject({ code: 'timeout' });
    await expect(checking).rejects.toThrow(/GET \/ping brought no answer/);
  });

  it('that is dead for now is dialled again, with the reason on the screen', async () => {
    await using folder = await temporaryFolder();
    const before = await listenHttps(await certificateFor(), agentWith(undefined));
    const { port } = before;
    await before[Symbol.asyncDispose]();
    await using fleet = await agentFleet({ host: '127.0.0.1', port, folder: folder.path });
    const seen = new FleetRecorder(fleet);
    const lost = await seen.sees(() => seen.connections.find(({ kind }) => kind === 'lost'));
    expect(lost).toMatchObject({ reason: expect.stringContaining('nothing listens there') });
    expect(seen.environments[0]?.reason).toContain('nothing listens there');
    await using _agent = await listenHttps(await certificateFor(), agentWith(undefined), port);
    await seen.sees(() => seen.connection?.kind === 'live');
  });
});
