/** Reads a recording in asciicast v2: who and where, and what was written when. Hostile lines are left out, not believed. */
import { Fault } from '../../protocol/fault.ts';

export interface CastEvent {
  /** Since the beginning, in seconds; never less than that of the event before. */
  readonly atS: number;
  readonly kind: 'o' | 'r' | 'm';
  readonly data: string;
}

export interface Cast {
  readonly title: string;
  readonly command: string;
  readonly width: number;
  readonly height: number;
  readonly startedAtMs: number | undefined;
  readonly events: readonly CastEvent[];
}

const MAX_BYTES = 256 << 20;

/** The recording in a text; Fault bad-settings when it is none. `name` is for the sentence. */
export function readCast(text: string, name: string): Cast {
  const none = (why: string) =>
    new Fault('bad-settings', `${name} is no recording that can be shown: ${why}.`);
  if (text.length > MAX_BYTES) throw none('it is larger than 256 MiB');
  const [first = '', ...lines] = text.split('\n');
  const header = parsed(first);
  if (typeof header !== 'object' || header === null || !('version' in header))
    throw none('it has no asciicast header');
  const { version, title, command, width, height, timestamp } = header as Record<string, unknown>;
  if (version !== 2) throw none(`it is asciicast version ${String(version).slice(0, 9)}, not 2`);
  let atS = 0;
  const events = lines.flatMap((line): readonly CastEvent[] => {
    const event = parsed(line);
    if (!Array.isArray(event)) return [];
    const [at, kind, data] = event as unknown[];
    if (typeof at !== 'number' || typeof data !== 'string' || !Number.isFinite(at)) return [];
    if (kind !== 'o' && kind !== 'r' && kind !== 'm') return [];
    atS = Math.max(atS, at);
    return [{ atS, kind, data }];
  });
  return {
    title: typeof title === 'string' ? title : '',
    command: typeof command === 'string' ? command : '',
    width: typeof width === 'number' ? width : 80,
    height: typeof height === 'number' ? height : 24,
    startedAtMs: typeof timestamp === 'number' ? timestamp * 1_000 : undefined,
    events,
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
