/**
 * Terminals in a browser or an SDK (Portainer API, /api/websocket/exec and /attach): WebSocket on our side, the engine's raw
 * stream on the other. For agents the WebSocket is theirs, and its bytes only pass through.
 */

import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { passUpgrade } from '../../docker/pass-through.ts';
import { hijack } from '../../docker/upgrade.ts';
import { Fault } from '../../protocol/fault.ts';
import { checkMayCall } from '../fleet/permissions.ts';
import { answerOf, sendRawAnswer } from './answer.ts';
import { CREDENTIAL_HEADERS } from './credential.ts';

import { closeFirmly, keepAlive } from './live-socket.ts';
import { touchedTarget } from './owned-call.ts';
import type { Services } from './services.ts';
import { type Carrier, recordSession, type Tap } from './session-recording.ts';
import type { UpgradeExchange, UpgradeRoute } from './upgrade-route.ts';

const PING_INTERVAL_MS = 50_000;
const MAX_MESSAGE_BYTES = 1 << 20;
const MAX_UNSENT_BYTES = 1 << 20;

type Kind = 'exec' | 'attach';

interface Wanted {
  readonly environmentId: number;
  /** Hexadecimal id of the exec instance or container. */
  readonly id: string;
  readonly nodeName: string;
}

const badQuery = (name: string): Fault =>
  new Fault('bad-request', `Invalid query parameter: ${name}`, {
    details: `Give ${name} in the query of the WebSocket's address.`,
  });

function readQuery(query: URLSearchParams): Wanted {
  const id = query.get('id') ?? '';
  const environmentId = query.get('endpointId') ?? '';
  if (!/^[0-9a-f]{1,64}$/i.test(id)) throw badQuery('id (must be hexadecimal identifier)');
  if (!/^[1-9]\d{0,14}$/.test(environmentId)) throw badQuery('endpointId');
  return { id, environmentId: Number(environmentId), nodeName: query.get('nodeName') ?? '' };
}

/** What the engine is asked for: always a terminal for exec, all streams without history for attach. */
function engineCall(kind: Kind, id: string) {
  return kind === 'exec'
    ? { path: `/exec/${id}/start`, body: { Tty: true, Detach: false } }
    : { path: `/containers/${id}/attach?stdin=1&stdout=1&stderr=1&stream=1`, body: {} };
}

/** GET /api/websocket/exec and /api/websocket/attach. */
export function terminalRoutes(services: Services): UpgradeRoute[] {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  const handle = (kind: Kind) => async (exchange: UpgradeExchange) => {
    const wanted = readQuery(exchange.target.query);
    const record = await services.environments.record(wanted.environmentId);
    const call = engineCall(kind, wanted.id);
    const access = services.access.of(record.id);
    const asked = { method: 'POST', path: call.path.replace(/\?.*/, '') };
    const { grant } = exchange;
    checkMayCall(grant, { access, touches: 'usable' }, asked);
    const { touches } = await touchedTarget(services, { ...asked, grant, access }, null);
    checkMayCall(grant, { access, touches }, asked);
    const opened = { services, exchange, wanted, environment: record };
    if (record.type !== 1) await throughAgent(opened, kind);
    else await overSocket(opened, server, call);
  };
  return (['exec', 'attach'] as const).map((kind) => ({
    path: `/api/websocket/${kind}`,
    isShell: true,
    handle: handle(kind),
  }));
}

interface Opened {
  readonly services: Services;
  readonly exchange: UpgradeExchange;
  readonly wanted: Wanted;
  readonly environment: { readonly id: number; readonly name: string };
}

/** What records it where it must be. */
async function recorderOf(
  { services, exchange, wanted, environment }: Opened,
  kind: Kind,
  how: { readonly carrier: Carrier; readonly signal: AbortSignal },
): Promise<Tap | undefined> {
  const { request, grant } = exchange;
  const { route } = services.supervisor.get(environment.id);
  const target = { kind: kind === 'exec' ? 'exec' : 'container', id: wanted.id } as const;
  const opener = { request, grant, environment, route, signal: how.signal };
  return await recordSession(services, { ...opener, target, hasInput: true }, how.carrier);
}

async function throughAgent(opened: Opened, kind: Kind): Promise<void> {
  const { services, exchange, wanted } = opened;
  const { request, socket, head, grant } = exchange;
  const { route } = services.supervisor.get(wanted.environmentId);
  using hold = services.heldGrants.hold(grant);
  const recorder = await recorderOf(opened, kind, {
    carrier: 'websocket',
    signal: hold.signal,
  });
  try {
    await passUpgrade(request, socket, head, {
      route,
      path: `/websocket/${kind}?id=${wanted.id}`,
      dropHeaders: [...CREDENTIAL_HEADERS, 'origin'],
      ...(wanted.nodeName !== '' && { addHeaders: { 'X-PortainerAgent-Target': wanted.nodeName } }),
      signal: hold.signal,
      tap: recorder?.take,
      onError: (fault) => sendRawAnswer(socket, answerOf(fault)),
    });
  } finally {
    await recorder?.end();
  }
}

async function overSocket(
  opened: Opened,
  server: WebSocketServer,
  call: ReturnType<typeof engineCall>,
): Promise<void> {
  const { services, exchange, wanted } = opened;
  const { request, socket, head, grant } = exchange;
  const { route } = services.supervisor.get(wanted.environmentId);
  const stop = new AbortController();
  const gone = (): void => stop.abort();
  socket.once('close', gone);
  const kind = call.path.startsWith('/exec/') ? 'exec' : 'attach';
  const recorder = await recorderOf(opened, kind, { carrier: 'raw', signal: stop.signal });
  const stream = await hijack(route, { ...call, signal: stop.signal }).catch(async (error) => {
    await recorder?.end();
    throw error;
  });
  socket.off('close', gone);
  server.handleUpgrade(request, socket, head, (terminal) => {
    const hold = services.heldGrants.hold(grant);
    hold.signal.addEventListener('abort', () => closeFirmly(terminal, 4001, 'signed out'));
    keepAlive(terminal, PING_INTERVAL_MS);
    if (recorder) stream.on('data', recorder.take);
    join(terminal, stream);
    terminal.once('close', () => {
      hold[Symbol.dispose]();
      void recorder?.end();
    });
  });
}

/** Copies both ways with back-pressure until either side ends. */
function join(terminal: WebSocket, stream: Duplex): void {
  const decoder = new StringDecoder('utf8');
  stream.on('data', (chunk: Buffer) => {
    // Text frames can't carry what is not UTF-8; Portainer drops such bytes too.
    const text = decoder.write(chunk).replaceAll('\ufffd', '');
    if (text === '' || terminal.readyState !== terminal.OPEN) return;
    const isFull = terminal.bufferedAmount > MAX_UNSENT_BYTES;
    if (isFull) stream.pause();
    terminal.send(text, () => {
      if (isFull) stream.resume();
    });
  });
  stream.once('end', () => closeFirmly(terminal, 1000, ''));
  stream.once('error', () => closeFirmly(terminal, 1011, 'the stream to the engine broke'));
  stream.once('close', () => closeFirmly(terminal, 1000, ''));
  terminal.on('message', (data: RawData) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    if (stream.writable && !stream.write(bytes)) terminal.pause();
  });
  stream.on('drain', () => terminal.resume());
  terminal.once('close', () => stream.destroy());
  terminal.on('error', () => terminal.terminate());
}
