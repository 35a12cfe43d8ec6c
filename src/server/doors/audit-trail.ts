/** What of a request is noted in the audit trail: everything that changes or reveals something, allowed or refused. */
import type { IncomingMessage } from 'node:http';
import { actionOf } from '../../protocol/docker-call.ts';
import { Fault } from '../../protocol/fault.ts';
import { OPERATION_HEADER } from '../../protocol/link-api.ts';
import type { Audit, AuditEntry } from '../fleet/audit.ts';
import type { Grant } from '../fleet/grant.ts';
import type { Finished } from '../fleet/recordings.ts';
import type { Answer } from './answer.ts';

/** Only looked at; a fleet's consoles do so all the time. */
const HARMLESS: ReadonlySet<string> = new Set(['read', 'logs', 'stats']);
const ENVIRONMENT = /^\/api\/(?:endpoints|fleet\/environments)\/([1-9]\d{0,14})(?:\/|$)/;

export interface Noted {
  readonly request: IncomingMessage;
  readonly path: string;
  /** Undefined where nobody was recognised. */
  readonly grant?: Grant;
  /** Where the path does not name it. */
  readonly environmentId?: number;
  /** As it was typed, where there is no grant. */
  readonly user?: string;
}

/** The status that a thrown value becomes; anything but a Fault is an error of ours. */
const statusOf = (thrown: unknown): number => (thrown instanceof Fault ? thrown.status : 500);

function entryOf(noted: Noted, action: string): Omit<AuditEntry, 'phase' | 'requestId' | 'status'> {
  const { request, path, grant, user } = noted;
  const operation = request.headers[OPERATION_HEADER.toLowerCase()];
  const environment = noted.environmentId ?? Number(ENVIRONMENT.exec(path)?.[1]);
  return {
    user: grant?.user.username ?? user ?? '',
    userId: grant?.user.id ?? null,
    via: grant?.via ?? 'none',
    credentialId: grant?.credentialId ?? '',
    address: request.socket.remoteAddress ?? '',
    action,
    method: request.method ?? '',
    path,
    environmentId: Number.isInteger(environment) ? environment : null,
    operationId: typeof operation === 'string' ? operation : null,
  };
}

/** Does it and notes once how it ended, before the answer is given. */
export async function notedOnce(
  audit: Audit,
  noted: Noted,
  action: string,
  act: () => Promise<Answer>,
): Promise<Answer> {
  const note = (status: number) =>
    audit.note({ ...entryOf(noted, action), phase: 'done', requestId: audit.requestId(), status });
  let answer: Answer;
  try {
    answer = await act();
  } catch (thrown) {
    await note(statusOf(thrown));
    throw thrown;
  }
  await note(answer.status);
  return answer;
}

/** Notes that it was asked for, does it, and notes how it ended; `act` resolves with the status where it is known. */
export async function notedAround(
  audit: Audit,
  noted: Noted,
  action: string,
  act: () => Promise<number | null>,
): Promise<void> {
  const entry = { ...entryOf(noted, action), requestId: audit.requestId() };
  await audit.note({ ...entry, phase: 'asked', status: null });
  const end = (status: number | null) => audit.note({ ...entry, phase: 'ended', status });
  try {
    await end(await act());
  } catch (thrown) {
    await end(statusOf(thrown));
    throw thrown;
  }
}

/** Notes that a session was recorded, with the hash of the file: one that is changed later is found by it. */
export async function noteRecording(
  audit: Audit,
  noted: Pick<Noted, 'request'> & {
    readonly grant: Grant;
    readonly environment: { readonly id: number };
  },
  { id, sha256 }: Finished,
): Promise<void> {
  const { request, grant, environment } = noted;
  const path = `/api/fleet/recordings/${id}/sha256/${sha256}`;
  const entry = entryOf({ request, path, grant, environmentId: environment.id }, 'exec');
  await audit.note({ ...entry, phase: 'done', requestId: audit.requestId(), status: 200 });
}

/** The action of a proxied call if it is one to be noted; what nobody knows is. */
export function notedAction(
  method: string,
  call: { readonly enginePath: string },
): string | undefined {
  const action = actionOf(method, decoded(call.enginePath)) ?? 'unknown';
  return HARMLESS.has(action) ? undefined : action;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
