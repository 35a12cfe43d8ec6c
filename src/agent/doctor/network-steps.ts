/** The way to the server, as far as anybody's HTTPS goes: name, TCP, proxy, certificate, clock. */
import { lookup } from 'node:dns/promises';
import { request } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { proxyFor } from '../../link/dial-attempt.ts';
import { proxyRefusal } from '../../link/dial-refusal.ts';
import { dialFault } from '../../protocol/dial-fault.ts';
import { Fault } from '../../protocol/fault.ts';
import type { Examination, Finding } from './examination.ts';

export interface Way {
  readonly url: URL;
  readonly proxy: URL | undefined;
  /** Whether the outer certificate must be good. */
  readonly verify: boolean;
}

const CONNECT_MS = 5_000;
const ANSWER_MS = 8_000;
const HEAD_LIMIT_BYTES = 16 << 10;
const SOON_MS = 14 * 24 * 3_600_000;
const SKEW_LIMIT_MS = 60_000;

/** Whether the way is open so far; every step that was not reached is skipped with a reason. */
export async function examineWay(exam: Examination, way: Way): Promise<boolean> {
  const next = way.proxy ?? way.url;
  const host = bare(next.hostname);
  const port = portOf(next);
  const addresses = await exam.step('name', async () => await resolve(host));
  if (!addresses) return stop(exam, ['tcp', 'proxy', 'tls', 'clock']);
  const socket = await exam.step('tcp', async () => await dial(addresses, port));
  if (!socket) return stop(exam, ['proxy', 'tls', 'clock']);
  try {
    const through = await exam.step('proxy', async () => await passProxy(socket, way));
    if (!through) return stop(exam, ['tls', 'clock']);
    const secured = await exam.step('tls', async () => await secure(through, way));
    if (!secured) return stop(exam, ['clock']);
    await exam.step('clock', async () => await compareClocks(secured, way));
    return true;
  } finally {
    socket.destroy();
  }
}

/** The address's way, with the proxy that the environment names for it; Fault bad-settings for a malformed proxy. */
export function wayTo(address: string, verify: boolean): Way {
  return { url: new URL(address), proxy: proxyFor(address), verify };
}

function stop(exam: Examination, steps: readonly string[]): false {
  for (const step of steps) exam.skip(step, 'Not reached: see the step that failed.');
  return false;
}

async function resolve(host: string): Promise<Finding<readonly string[]>> {
  if (isIP(host)) return { sentence: `${host} is an address; no name is asked.`, value: [host] };
  try {
    const found = (await lookup(host, { all: true })).map(({ address }) => address);
    return { sentence: `${host} is ${found.join(', ')}.`, value: found };
  } catch (error) {
    throw dialFault(error, host);
  }
}

async function dial(addresses: readonly string[], port: number): Promise<Finding<Socket>> {
  const failures: string[] = [];
  for (const address of addresses) {
    try {
      const socket = await opened(connect({ host: address, port }), 'connect', address);
      return { sentence: `${address} port ${port} takes the connection.`, value: socket };
    } catch (error) {
      failures.push(dialFault(error, `${address} port ${port}`).message);
    }
  }
  throw new Fault('unreachable', failures.join(' '));
}

async function passProxy(socket: Socket, { url, proxy }: Way): Promise<Finding<Socket>> {
  if (!proxy) return { sentence: 'No proxy is set for this address.', value: socket };
  const name = `The proxy ${proxy.host}`;
  const way = proxy.protocol === 'https:' ? await tlsWith(socket, proxy) : socket;
  const target = `${url.hostname}:${portOf(url)}`;
  const account = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const credentials =
    proxy.username === ''
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(account).toString('base64')}\r\n`;
  way.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`);
  const head = await readHead(way, name);
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0);
  if (status === 0) throw new Fault('bad-peer', `${name} does not speak HTTP.`);
  if (status < 200 || status > 299) throw proxyRefusal(status, name);
  const words = proxy.username === '' ? 'without credentials' : 'with our credentials';
  return { sentence: `${name} lets us through to ${target}, ${words}.`, value: way };
}

function readHead(socket: Socket, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = '';
    const done = (outcome: string | Fault) => {
      clearTimeout(timer);
      socket.off('data', take).off('close', gone).off('error', gone);
      socket.pause();
      if (outcome instanceof Fault) reject(outcome);
      else resolve(outcome);
    };
    const take = (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (head.includes('\r\n\r\n') || head.length > HEAD_LIMIT_BYTES) done(head);
    };
    const gone = () => done(new Fault('bad-peer', `${name} hung up without an answer.`));
    const timer = setTimeout(
      () => done(new Fault('timeout', `${name} takes the connection and then says nothing.`)),
      ANSWER_MS,
    );
    socket.on('data', take).on('close', gone).on('error', gone);
  });
}

async function secure(socket: Socket, { url, verify }: Way): Promise<Finding<Socket>> {
  if (url.protocol === 'http:') {
    const sentence = 'The address is http://: no outer TLS. The link inside is encrypted anyway.';
    return { sentence, isWarning: true, value: socket };
  }
  return judged(await tlsWith(socket, url), verify, url);
}

async function tlsWith(socket: Socket, url: URL): Promise<TLSSocket> {
  const host = bare(url.hostname);
  const servername = isIP(host) ? '' : host;
  const tls = connectTls({ socket, servername, host, rejectUnauthorized: false });
  await opened(tls, 'secureConnect', url.host);
  return tls;
}

function judged(tls: TLSSocket, verify: boolean, url: URL): Finding<Socket> {
  const { issuer, valid_to: until } = tls.getPeerCertificate();
  const endMs = Date.parse(until);
  const by = issuer?.CN ?? issuer?.O ?? 'an issuer without a name';
  const described = `${tls.getProtocol()}, certificate issued by ${by}, valid until ${day(endMs)}.`;
  // Typed as an Error, and in truth the code of one.
  const code = tls.authorized ? '' : String(tls.authorizationError);
  if (code === '') {
    const isSoon = endMs - Date.now() < SOON_MS;
    return {
      sentence: isSoon ? `${described} Renew it soon.` : described,
      isWarning: isSoon,
      value: tls,
    };
  }
  const { message } = dialFault(Object.assign(new Error(code), { code }), url.host);
  if (verify) {
    throw new Fault('wrong-certificate', `${message} ${described}`, {
      details: 'With EDGE_INSECURE_POLL=1 only the key counts that the EDGE_KEY names.',
    });
  }
  const sentence = `${described} It is not judged (EDGE_INSECURE_POLL); the server's own key is.`;
  return { sentence, value: tls };
}

/** Asks the server for anything at all: its answer tells the time. */
async function compareClocks(socket: Socket, { url }: Way): Promise<Finding> {
  const told = await dateOf(socket, url);
  if (Number.isNaN(told)) return { sentence: 'The server tells no time.', value: undefined };
  const skewMs = Date.now() - told;
  if (Math.abs(skewMs) < SKEW_LIMIT_MS) {
    return { sentence: "This machine's clock and the server's agree.", value: undefined };
  }
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  const sentence = `This machine's clock is ${span(Math.abs(skewMs))} ${side} the server's. The link bears it; logs and certificates don't.`;
  return { sentence, isWarning: true, value: undefined };
}

function dateOf(socket: Socket, url: URL): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request({
      createConnection: () => socket,
      path: `${url.pathname.replace(/\/$/, '')}/api/fleet/about`,
      headers: { Host: url.host, Connection: 'close' },
      timeout: ANSWER_MS,
    });
    const end = (atMs: number) => {
      resolve(atMs);
      outgoing.destroy();
    };
    outgoing.on('response', (response) => end(Date.parse(response.headers.date ?? '')));
    outgoing.on('error', () => end(Number.NaN));
    outgoing.on('timeout', () => end(Number.NaN));
    outgoing.end();
  });
}

function opened(socket: Socket, event: string, address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const sentence = `${address}: no answer within 5 seconds. Is a firewall in the way?`;
      socket.destroy(new Fault('timeout', sentence));
    }, CONNECT_MS);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(dialFault(error, address));
    });
    socket.once(event, () => {
      clearTimeout(timer);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function day(atMs: number): string {
  return Number.isNaN(atMs)
    ? 'a day that it does not tell'
    : new Date(atMs).toISOString().slice(0, 10);
}

/** A duration in its two largest units. */
export function span(ms: number): string {
  const units: readonly [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1_000],
  ];
  const first = units.findIndex(([, size]) => ms >= size);
  if (first < 0) return `${Math.round(ms)} ms`;
  let rest = ms;
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count} ${unit}` : '';
  });
  return parts.filter(Boolean).join(' ');
}
