/**
 * Terminals for browsers: exec and attach as WebSockets (Portainer agent protocol, WebSockets). The engine is asked
 * before the WebSocket is accepted, so that its refusal can still be an HTTP answer.
 */

import type { EngineRoute } from '../../docker/route.ts';
import { callRoute } from '../../docker/route-call.ts';
import { hijack } from '../../docker/upgrade.ts';
import { Fault } from '../../protocol/fault.ts';
import type { AgentParts, ApiCall } from './call.ts';
import type { ApiRoute } from './route-table.ts';
import { terminalText } from './terminal-text.ts';

interface TerminalKind {
  readonly name: 'exec' | 'attach';
  /** Engine path that describes it, and where that answer says whether it has a terminal. */
  inspectPath(id: string): string;
  hasTty(described: unknown): unknown;
  startPath(id: string): string;
  startBody(isTty: boolean): unknown;
}

interface Described {
  readonly ProcessConfig?: { readonly tty?: unknown };
  readonly Config?: { readonly Tty?: unknown };
}

const EXEC: TerminalKind = {
  name: 'exec',
  inspectPath: (id) => `/exec/${id}/json`,
  hasTty: (described) => (described as Described).ProcessConfig?.tty,
  startPath: (id) => `/exec/${id}/start`,
  startBody: (isTty) => ({ Tty: isTty, Detach: false }),
};

const ATTACH: TerminalKind = {
  name: 'attach',
  inspectPath: (id) => `/containers/${id}/json`,
  hasTty: (described) => (described as Described).Config?.Tty,
  startPath: (id) => `/containers/${id}/attach?stdin=1&stdout=1&stderr=1&stream=1`,
  startBody: () => ({}),
};

const INSPECT_DEADLINE_MS = 10_000;

/** GET /websocket/exec?id= and /websocket/attach?id=; other query parameters are ignored. */
export const terminalRoutes: readonly ApiRoute[] = [EXEC, ATTACH].map((kind) => ({
  method: 'GET',
  path: `/websocket/${kind.name}`,
  generations: ['', 'v1', 'v2'],
  access: 'signed',
  body: 'none',
  answer: (call, parts) => openTerminal(kind, call, parts),
}));

async function openTerminal(kind: TerminalKind, call: ApiCall, parts: AgentParts): Promise<void> {
  const { request, response, query, upgrade } = call;
  const id = query.get('id') ?? '';
  if (!/^[0-9a-f]{1,64}$/i.test(id)) {
    throw new Fault('bad-request', 'Invalid query parameter: id (must be hexadecimal identifier)');
  }
  if (!upgrade || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    throw new Fault('bad-request', 'This route speaks WebSocket only.');
  }
  const { socket, head } = upgrade;
  const gone = new AbortController();
  const abandon = () => gone.abort();
  socket.once('close', abandon);
  const signal = AbortSignal.any([gone.signal, parts.stopping]);
  const route = parts.docker.route();
  const isTty = await hasTty(kind, id, { route, signal });
  const { acceptTerminal, joinTerminal } = await import('./terminal-session.ts');
  const start = { path: kind.startPath(id), body: kind.startBody(isTty), signal };
  const engine = await hijack(route, start);
  socket.off('close', abandon);
  response.detachSocket(socket as never);
  const websocket = await acceptTerminal(request, socket, head);
  if (!websocket) {
    engine.destroy();
    return;
  }
  parts.log.debug('A terminal was opened.', { kind: kind.name, id });
  await joinTerminal({ websocket, engine, text: terminalText(isTty), stopping: parts.stopping });
}

/** A refusal is left to the call that follows, which is answered in the engine's own words. */
async function hasTty(
  kind: TerminalKind,
  id: string,
  { route, signal }: { readonly route: EngineRoute; readonly signal: AbortSignal },
): Promise<boolean> {
  const path = kind.inspectPath(id);
  const { status, body } = await callRoute(route, {
    path,
    deadlineMs: INSPECT_DEADLINE_MS,
    signal,
  });
  if (status !== 200) return true;
  try {
    return kind.hasTty(JSON.parse(body.toString())) !== false;
  } catch {
    return true;
  }
}
