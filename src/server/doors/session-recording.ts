/**
 * Recording what a session in a container writes, an exec or an attach, whichever door it came through: what is beneath is
 * asked of the engine first.
 */
import type { IncomingMessage } from 'node:http';
import type { EngineRoute } from '../../docker/route.ts';
import { callRoute } from '../../docker/route-call.ts';
import { FrameCutter } from '../../docker/unframed.ts';
import { Fault } from '../../protocol/fault.ts';
import type { RecordedSession } from '../fleet/asciicast.ts';
import type { Grant } from '../fleet/grant.ts';
import type { Recording, SessionTarget } from '../fleet/recordings.ts';
import { noteRecording } from './audit-trail.ts';
import { parseAnswer } from './engine-object.ts';
import type { Services } from './services.ts';
import { WebsocketFrames } from './websocket-frames.ts';

const DEADLINE_MS = 10_000;
const LONGEST_COMMAND = 500;

/** Who opens a session, and where. */
export interface Opener {
  readonly request: IncomingMessage;
  readonly grant: Grant;
  readonly environment: { readonly id: number; readonly name: string };
  readonly route: EngineRoute;
  readonly signal: AbortSignal;
}

/** A session that somebody opens. */
export interface OpenedSession extends Opener {
  readonly target: SessionTarget;
  /** Whether an attach may type; an exec always counts. */
  readonly hasInput: boolean;
}

/** Takes the engine's bytes as they pass; `end` closes the file and notes it. */
export interface Tap {
  readonly take: (bytes: Buffer) => void;
  readonly end: () => Promise<void>;
}

/** `raw`: the engine's own stream; `websocket`: frames of an agent's or the engine's. */
export type Carrier = 'raw' | 'websocket';

/** The recorder of a session; undefined where nothing is recorded. Rejects, and then there must be no session. */
export async function recordSession(
  services: Services,
  opened: OpenedSession,
  carrier: Carrier,
): Promise<Tap | undefined> {
  const { recordings } = services;
  if (!recordings.isOn(opened.environment.id)) return undefined;
  const described = await (opened.target.kind === 'exec' ? ofExec : ofAttach)(opened);
  if (described === undefined) return undefined;
  const recording = await recordings.begin(opened.target, described.session);
  const take =
    carrier === 'websocket' ? unwrapped(recording) : taken(recording, described.isTerminal);
  return {
    take,
    async end() {
      const finished = await recordings.finish(recording);
      if (finished) await noteRecording(services.audit, opened, finished);
    },
  };
}

const START = /^(?:\/v\d+\.\d+)?\/exec\/([^/]+)\/start$/u;
const ATTACH = /^(?:\/v\d+\.\d+)?\/containers\/([^/]+)\/attach(\/ws)?$/u;
const RESIZE = /^(?:\/v\d+\.\d+)?\/(exec|containers)\/([^/]+)\/resize$/u;
/** What Docker reads as no. */
const NO: ReadonlySet<string> = new Set(['', '0', 'no', 'false', 'none']);

interface ProxiedCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** As recordSession, of a proxied call; undefined for every call that opens no session. */
export async function recordStart(
  services: Services,
  opener: Opener,
  { path, query }: ProxiedCall,
): Promise<Tap | undefined> {
  const [, execId] = START.exec(path) ?? [];
  if (execId !== undefined) {
    const target = { kind: 'exec', id: execId } as const;
    return await recordSession(services, { ...opener, target, hasInput: true }, 'raw');
  }
  const [, containerId, overSocket] = ATTACH.exec(path) ?? [];
  if (containerId === undefined) return undefined;
  const target = { kind: 'container', id: containerId } as const;
  // Over a WebSocket an engine before API 1.42 always lets type, whatever is asked for.
  const hasInput = overSocket !== undefined || !NO.has((query.get('stdin') ?? '').toLowerCase());
  const carrier = overSocket === undefined ? 'raw' : 'websocket';
  return await recordSession(services, { ...opener, target, hasInput }, carrier);
}

/** The size of a terminal whose session is being recorded. */
export function noteResize(
  { recordings }: Services,
  environmentId: number,
  call: ProxiedCall,
): void {
  const [, folder, id] = (call.method === 'POST' && RESIZE.exec(call.path)) || [];
  const size = { width: Number(call.query.get('w')), height: Number(call.query.get('h')) };
  if (id === undefined || !isSize(size.width) || !isSize(size.height)) return;
  const kind = folder === 'exec' ? 'exec' : 'container';
  recordings.resized(environmentId, { kind, id }, size);
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

interface ContainerJson {
  readonly Id?: string;
  readonly Name?: string;
  readonly Path?: string;
  readonly Args?: readonly string[];
  readonly Config?: { readonly Tty?: boolean; readonly OpenStdin?: boolean };
}

interface Described {
  readonly session: RecordedSession;
  readonly isTerminal: boolean;
}

async function ofExec(opened: OpenedSession): Promise<Described> {
  const exec = (await json(opened, `/exec/${opened.target.id}/json`)) as ExecJson;
  const containerId = exec.ContainerID ?? '';
  const { Name = containerId } = (await json(
    opened,
    `/containers/${containerId}/json`,
  )) as ContainerJson;
  const { entrypoint = '', arguments: words = [], tty = false } = exec.ProcessConfig ?? {};
  const where = { containerId, container: bare(Name) };
  return { session: sessionOf(opened, where, [entrypoint, ...words]), isTerminal: tty };
}

/** Undefined where nobody can type and there is no terminal: its output is the container's log. */
async function ofAttach(opened: OpenedSession): Promise<Described | undefined> {
  const { id } = opened.target;
  const found = (await json(opened, `/containers/${id}/json`)) as ContainerJson;
  const { Id: containerId = '', Name = '', Path = '', Args = [], Config = {} } = found;
  const isTerminal = Config.Tty === true;
  if (!isTerminal && !(opened.hasInput && Config.OpenStdin === true)) return undefined;
  const where = { containerId, container: bare(Name) };
  return { session: sessionOf(opened, where, [Path, ...Args]), isTerminal };
}

const bare = (name: string): string => name.replace(/^\//u, '');

function sessionOf(
  { request, grant, environment }: Opener,
  where: Pick<RecordedSession, 'containerId' | 'container'>,
  words: readonly string[],
): RecordedSession {
  return {
    ...where,
    user: grant.user.username,
    address: request.socket.remoteAddress ?? '',
    environmentId: environment.id,
    environment: environment.name,
    command: words.join(' ').slice(0, LONGEST_COMMAND),
  };
}

/** What the engine says of it. Rejects when it says nothing: what is not known can't be recorded. */
async function json({ route, signal }: Opener, path: string): Promise<object> {
  const { status, body } = await callRoute(route, { path, deadlineMs: DEADLINE_MS, signal });
  const told = parseAnswer(body, route);
  if (status === 200 && typeof told === 'object' && told !== null) return told;
  const { message } = (told ?? {}) as { readonly message?: unknown };
  const said = typeof message === 'string' ? message : `the engine answered ${status}`;
  if (status === 404) throw new Fault('not-found', said);
  throw new Fault('bad-peer', 'The session must be recorded, and what it is in is not known', {
    details: `Try again, or ask an administrator of ${route.address}: ${said}`,
  });
}
