/** Recording what an exec session writes, whichever door it came through: what is beneath is asked of the engine first. */
import type { IncomingMessage } from 'node:http';
import type { EngineRoute } from '../../docker/route.ts';
import { callRoute } from '../../docker/route-call.ts';
import { FrameCutter } from '../../docker/unframed.ts';
import type { RecordedSession } from '../fleet/asciicast.ts';
import type { Grant } from '../fleet/grant.ts';
import type { Recording } from '../fleet/recordings.ts';
import { noteRecording } from './audit-trail.ts';
import type { Services } from './services.ts';
import { WebsocketFrames } from './websocket-frames.ts';

const DEADLINE_MS = 10_000;
const LONGEST_COMMAND = 500;

/** An exec that somebody opens. */
export interface OpenedExec {
  readonly request: IncomingMessage;
  readonly grant: Grant;
  readonly environment: { readonly id: number; readonly name: string };
  readonly execId: string;
  readonly route: EngineRoute;
  readonly signal: AbortSignal;
}

/** Takes the engine's bytes as they pass; `end` closes the file and notes it. */
export interface Tap {
  readonly take: (bytes: Buffer) => void;
  readonly end: () => Promise<void>;
}

/** `raw`: the engine's own stream; `websocket`: frames of an agent's. */
export type Carrier = 'raw' | 'websocket';

/** The recorder of a session; undefined where nothing is recorded. Rejects, and then there must be no session. */
export async function recordExec(
  services: Services,
  exec: OpenedExec,
  carrier: Carrier,
): Promise<Tap | undefined> {
  const { recordings } = services;
  const { environment, execId } = exec;
  if (!recordings.isOn(environment.id)) return undefined;
  const { session, isTerminal } = await described(exec);
  const recording = await recordings.begin(execId, session);
  const take = carrier === 'websocket' ? unwrapped(recording) : taken(recording, isTerminal);
  return {
    take,
    async end() {
      const finished = await recordings.finish(recording);
      if (finished) await noteRecording(services.audit, exec, finished);
    },
  };
}

const START = /^(?:\/v\d+\.\d+)?\/exec\/([^/]+)\/start$/u;
const RESIZE = /^(?:\/v\d+\.\d+)?\/exec\/([^/]+)\/resize$/u;

/** As recordExec, of a proxied call; undefined for every call that starts no exec. */
export async function recordStart(
  services: Services,
  asked: Omit<OpenedExec, 'execId'>,
  path: string,
): Promise<Tap | undefined> {
  const [, execId] = START.exec(path) ?? [];
  if (execId === undefined) return undefined;
  return await recordExec(services, { ...asked, execId }, 'raw');
}

/** The size of a terminal whose session is being recorded. */
export function noteResize(
  { recordings }: Services,
  environmentId: number,
  call: { readonly method: string; readonly path: string; readonly query: URLSearchParams },
): void {
  const [, execId] = (call.method === 'POST' && RESIZE.exec(call.path)) || [];
  const size = { width: Number(call.query.get('w')), height: Number(call.query.get('h')) };
  if (execId === undefined || !isSize(size.width) || !isSize(size.height)) return;
  recordings.resized(environmentId, execId, size);
}

const isSize = (cells: number) => Number.isInteger(cells) && cells > 0 && cells <= 10_000;

function taken(recording: Recording, isTerminal: boolean): Tap['take'] {
  if (isTerminal) return (bytes) => recording.output(bytes);
  const frames = new FrameCutter();
  return (bytes) => {
    for (const piece of frames.take(bytes)) recording.output(piece);
  };
}

/** Text out of the frames that an agent sends. */
function unwrapped(recording: Recording): Tap['take'] {
  const frames = new WebsocketFrames();
  return (bytes) => {
    for (const piece of frames.take(bytes)) recording.output(piece);
  };
}

interface ExecJson {
  readonly ContainerID?: string;
  readonly ProcessConfig?: {
    readonly tty?: boolean;
    readonly entrypoint?: string;
    readonly arguments?: readonly string[];
  };
}

async function described({ request, grant, environment, execId, route, signal }: OpenedExec) {
  const exec = (await json(route, `/exec/${execId}/json`, signal)) as ExecJson;
  const containerId = exec.ContainerID ?? '';
  const found = (await json(route, `/containers/${containerId}/json`, signal)) as {
    readonly Name?: string;
  };
  const { entrypoint = '', arguments: words = [], tty = false } = exec.ProcessConfig ?? {};
  const session: RecordedSession = {
    user: grant.user.username,
    address: request.socket.remoteAddress ?? '',
    environmentId: environment.id,
    environment: environment.name,
    containerId,
    container: (found.Name ?? containerId).replace(/^\//u, ''),
    command: [entrypoint, ...words].join(' ').slice(0, LONGEST_COMMAND),
  };
  return { session, isTerminal: tty };
}

async function json(route: EngineRoute, path: string, signal: AbortSignal): Promise<object> {
  const answer = await callRoute(route, { path, deadlineMs: DEADLINE_MS, signal });
  try {
    const body: unknown = JSON.parse(answer.body.toString());
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}
