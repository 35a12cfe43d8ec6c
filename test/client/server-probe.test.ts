/** Each wrong address gets one sentence that says what failed and what to try; real listeners, short deadlines. */
import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { parseServerAddress } from '../../src/client/server-address.ts';
import { probeServer } from '../../src/client/server-probe.ts';
import { Fault } from '../../src/protocol/fault.ts';
import {
  certificateFor,
  freePort,
  listenBlackHole,
  listenHttp,
  listenHttps,
  listenTcp,
} from '../support/listeners.ts';

const certificate = await certificateFor();
const ABOUT = { product: 'fleet-server', version: '0.1.0', instanceId: 'one' };

const ours: RequestListener = (request, response) => {
  response.statusCode = request.url === '/api/fleet/about' ? 200 : 404;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(ABOUT));
};

async function probe(url: string, pin?: string) {
  const signal = AbortSignal.timeout(20_000);
  return await probeServer({ address: parseServerAddress(url), pin, signal, deadlineMs: 400 });
}

async function failure(url: string): Promise<Fault> {
  const outcome = await probe(url).catch((error: unknown) => error);
  if (outcome instanceof Fault) return outcome;
  throw new Error(`expected a Fault, got ${JSON.stringify(outcome)}`);
}

async function fingerprintAt(url: string): Promise<string> {
  const outcome = await probe(url);
  if ('fault' in outcome) return outcome.fingerprint;
  throw new Error('expected an unknown certificate');
}

async function pinnedFailure(port: number): Promise<string> {
  const url = `https://127.0.0.1:${port}`;
  const error = await probe(url, await fingerprintAt(url)).catch((thrown: unknown) => thrown);
  return (error as Fault).message;
}

describe('a fleet-server', () => {
  it('is known by its about answer, over plain HTTP', async () => {
    await using server = await listenHttp(ours);
    const outcome = await probe(`http://${server.where}`);
    expect(outcome).toEqual({ product: 'ours', about: ABOUT, trustedBy: 'nobody' });
  });

  it('with a certificate of its own is shown to the person first, then accepted by fingerprint', async () => {
    await using server = await listenHttps(certificate, ours);
    const url = `https://${server.where}`;
    const first = await probe(url);
    if (!('fault' in first)) throw new Error('expected an unknown certificate');
    expect(first.fault.code).toBe('wrong-certificate');
    expect(first.fault.message).toContain(`login ${url} --trust ${first.fingerprint}`);
    expect(await probe(url, first.fingerprint)).toEqual({
      product: 'ours',
      about: ABOUT,
      trustedBy: 'pin',
    });
  });

  it('with another certificate than the accepted one is not trusted, and both are named', async () => {
    await using server = await listenHttps(await certificateFor(), ours);
    const outcome = await probe(`https://${server.where}`, 'SHA256:other');
    if (!('fault' in outcome)) throw new Error('expected a changed certificate');
    expect(outcome.fault.message).toContain('another certificate');
    expect(outcome.fault.message).toContain('SHA256:other');
    expect(outcome.fault.message).toContain(outcome.fingerprint);
  });

  it('below a path of a proxy is found there', async () => {
    await using server = await listenHttp((request, response) => {
      response.statusCode = request.url === '/fleet/api/fleet/about' ? 200 : 404;
      response.end(JSON.stringify(ABOUT));
    });
    expect(await probe(`http://${server.where}/fleet/`)).toMatchObject({ about: ABOUT });
  });
});

describe('a wrong address', () => {
  it('where nothing listens', async () => {
    const port = await freePort();
    const { code, message } = await failure(`https://127.0.0.1:${port}`);
    expect(code).toBe('unreachable');
    expect(message).toContain(`Nothing listens on 127.0.0.1:${port}`);
    expect(message).toContain('port 9443');
  });

  it('whose name does not resolve', async () => {
    const { code, message } = await failure('https://no-such-host.invalid:9443');
    expect(code).toBe('unreachable');
    expect(message).toMatch(/no-such-host\.invalid (does not resolve|can't be looked up)/);
  });

  it('that swallows packets', async () => {
    await using hole = await listenBlackHole();
    const { code, message } = await failure(`https://${hole.where}`);
    expect(code).toBe('timeout');
    expect(message).toContain(`${hole.where} did not answer within 0.4 s`);
    expect(message).toContain('firewall');
  });

  it.each(['https', 'http'])('that takes %s connections and stays silent', async (scheme) => {
    await using silent = await listenTcp(() => undefined);
    const { code, message } = await failure(`${scheme}://${silent.where}`);
    expect(code).toBe('timeout');
    expect(message).toContain(`${silent.where} takes connections, but`);
  });

  it.each(['https', 'http'])('that speaks something else than %s', async (scheme) => {
    await using ssh = await listenTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'));
    const { code, message } = await failure(`${scheme}://${ssh.where}`);
    expect(code).toBe('bad-peer');
    expect(message).toContain(`does not speak ${scheme.toUpperCase()}`);
  });

  it.each(['https', 'http'])('that hangs up on %s at once', async (scheme) => {
    await using rude = await listenTcp((socket) => socket.destroy());
    const { code, message } = await failure(`${scheme}://${rude.where}`);
    expect(code).toBe('bad-peer');
    expect(message).toContain(`Something listens on ${rude.where}`);
  });

  it('with https:// before a plain HTTP port', async () => {
    await using server = await listenHttp(ours);
    const { code, message } = await failure(`https://${server.where}`);
    expect(code).toBe('bad-peer');
    expect(message).toContain(`speaks plain HTTP, not HTTPS; try http://${server.where}`);
  });

  it('with http:// before an HTTPS port', async () => {
    await using server = await listenHttps(certificate, ours);
    const { code, message } = await failure(`http://${server.where}`);
    expect(code).toBe('bad-peer');
    expect(message).toContain(`wants HTTPS; try https://${server.where}`);
  });

  it('with http:// before an HTTPS port that explains itself in plain HTTP, as Go and nginx do', async () => {
    await using server = await listenHttps(certificate, ours);
    await using front = await listenTcp((socket) => {
      socket.once('data', (data) => {
        if (data[0] !== 0x16) socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
        else
          void import('node:net').then(({ connect }) => {
            const inner = connect(server.port, '127.0.0.1');
            inner.write(data);
            inner.pipe(socket).pipe(inner);
          });
      });
    });
    expect((await failure(`http://${front.where}`)).message).toContain('wants HTTPS; try https://');
  });
});

describe('another program', () => {
  it('that answers 404 with HTML, over HTTPS', async () => {
    await using web = await listenHttps(certificate, (_request, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>404</html>');
    });
    const message = await pinnedFailure(web.port);
    expect(message).toContain('is no fleet-server (status 404)');
    expect(message).toContain('port 9443');
  });

  it('that answers 200 with HTML to everything', async () => {
    await using web = await listenHttp((_request, response) => response.end('<html>hi</html>'));
    expect((await failure(`http://${web.where}`)).message).toContain(
      'is no fleet-server (status 200)',
    );
  });

  it('that is a genuine Portainer', async () => {
    await using portainer = await listenHttp((request, response) => {
      if (request.url === '/api/status')
        response.end('{"Version":"2.23.0","InstanceID":"299ab403"}');
      else response.writeHead(404).end('404 page not found');
    });
    expect(await probe(`http://${portainer.where}`)).toMatchObject({
      product: 'portainer',
      version: '2.23.0',
    });
  });

  it('that is an agent', async () => {
    await using agent = await listenHttps(certificate, (_request, response) => {
      response.writeHead(403, { 'portainer-agent': '2.23.0' }).end('{}');
    });
    expect(await pinnedFailure(agent.port)).toContain(`try fleet-tui --agent ${agent.where}`);
  });

  it('that sends us elsewhere', async () => {
    await using web = await listenHttp((_request, response) => {
      response.writeHead(308, { location: 'https://fleet.example/' }).end();
    });
    expect((await failure(`http://${web.where}`)).message).toContain(
      'redirects to https://fleet.example/',
    );
  });

  it('that is a proxy without anything behind it may heal by itself', async () => {
    await using proxy = await listenHttp((_request, response) => response.writeHead(502).end());
    const { code, message } = await failure(`http://${proxy.where}`);
    expect(code).toBe('unreachable');
    expect(message).toContain('status 502');
  });

  it('that answers without end is cut off', async () => {
    await using flood = await listenHttp((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    expect((await failure(`http://${flood.where}`)).code).toBe('bad-peer');
  });
});
