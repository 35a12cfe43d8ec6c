/**
 * Remembers what became of every change that came over a link with an id, so that none is run twice and each one's
 * outcome can be asked for after a cut. Beginnings are on disk before the engine hears of them: an agent that was killed
 * in between must not say that nothing was done.
 */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { asFault, Fault } from '../../protocol/fault.ts';
import { OPERATION_MEMORY_MS, type OperationOutcome } from '../../protocol/link-api.ts';

const COUNT_LIMIT = 10_000;
/** Of an answer, in memory and for those who ask later. */
export const OPERATION_BODY_LIMIT_BYTES = 64 << 10;
/** The bodies of the newest outcomes; older ones keep their status only. */
const BODIES_LIMIT_BYTES = 8 << 20;
const FILE_LIMIT_BYTES = 4 << 20;
const FILE_BODY_LIMIT = 4_096;
/** An operation that still runs after so long is forgotten all the same. */
const RUNNING_LIMIT_MS = 24 * 3_600_000;

export const INTERRUPTED =
  'The agent was restarted while this operation was under way: look at its object to see whether it took effect.';

type Outcome = Exclude<OperationOutcome, { state: 'unknown' }>;

interface Line {
  readonly id: string;
  readonly outcome: Outcome;
}

export interface OperationMemoryOptions {
  readonly file: string;
  readonly now?: () => number;
}

export class OperationMemory {
  readonly #file: string;
  readonly #now: () => number;
  /** In order of their last change, oldest first. */
  readonly #outcomes = new Map<string, Outcome>();
  #bodyBytes = 0;
  #fileBytes = 0;
  #fileLimitBytes = FILE_LIMIT_BYTES;

  /** Takes up what an earlier process remembered; Fault bad-settings when the file can't be read or written. */
  constructor({ file, now = Date.now }: OperationMemoryOptions) {
    this.#file = file;
    this.#now = now;
    for (const { id, outcome } of readLines(file)) this.#keep(id, outcome);
    for (const [id, outcome] of this.#outcomes) {
      if (outcome.state === 'ended') continue;
      const ended = { state: 'ended', atMs: now(), status: 502, body: words(INTERRUPTED) } as const;
      this.#keep(id, ended);
    }
    this.#forgetOld();
    this.#rewrite();
  }

  outcome(id: string): OperationOutcome {
    this.#forgetOld();
    return this.#outcomes.get(id) ?? { state: 'unknown' };
  }

  /** Undefined when the operation may run now, else what became of it. Fault too-many when too many run already. */
  begin(id: string): Outcome | undefined {
    this.#forgetOld();
    const known = this.#outcomes.get(id);
    if (known) return known;
    if (this.#outcomes.size >= COUNT_LIMIT) this.#forgetOldestEnded();
    this.#note(id, { state: 'running', sinceMs: this.#now() });
    return undefined;
  }

  end(id: string, status: number, body: string): void {
    try {
      this.#note(id, { state: 'ended', atMs: this.#now(), status, body });
    } catch {
      // It is remembered in memory; the disk still says that it began.
    }
  }

  #note(id: string, outcome: Outcome): void {
    this.#keep(id, outcome);
    const text = lineOf(id, outcome);
    try {
      appendFileSync(this.#file, text, { mode: 0o600 });
    } catch (cause) {
      if (outcome.state === 'running') this.#drop(id);
      throw asFault(cause, 'internal', `${this.#file} can't be written. Is the disk full?`);
    }
    this.#fileBytes += text.length;
    if (this.#fileBytes > this.#fileLimitBytes) this.#rewrite();
  }

  #keep(id: string, outcome: Outcome): void {
    this.#drop(id);
    this.#outcomes.set(id, outcome);
    this.#bodyBytes += sizeOf(outcome);
    if (this.#bodyBytes > BODIES_LIMIT_BYTES) this.#forgetOldBodies();
  }

  /** Down to half the limit, so that it is done seldom. */
  #forgetOldBodies(): void {
    for (const [id, outcome] of this.#outcomes) {
      if (this.#bodyBytes <= BODIES_LIMIT_BYTES / 2) return;
      if (outcome.state !== 'ended' || outcome.body === '') continue;
      this.#bodyBytes -= outcome.body.length;
      this.#outcomes.set(id, { ...outcome, body: '' });
    }
  }

  #drop(id: string): void {
    const known = this.#outcomes.get(id);
    if (known) this.#bodyBytes -= sizeOf(known);
    this.#outcomes.delete(id);
  }

  #forgetOld(): void {
    for (const [id, outcome] of this.#outcomes) {
      const isRunning = outcome.state === 'running';
      const ageMs = this.#now() - (isRunning ? outcome.sinceMs : outcome.atMs);
      if (ageMs > (isRunning ? RUNNING_LIMIT_MS : OPERATION_MEMORY_MS)) this.#drop(id);
      else if (!isRunning) return;
    }
  }

  #forgetOldestEnded(): void {
    for (const [id, outcome] of this.#outcomes) {
      if (outcome.state === 'running') continue;
      this.#drop(id);
      return;
    }
    throw new Fault('too-many', 'Too many operations are under way on this agent.', {
      retryAfterS: 5,
    });
  }

  #rewrite(): void {
    const text = [...this.#outcomes].map(([id, outcome]) => lineOf(id, outcome)).join('');
    try {
      writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
    } catch (cause) {
      throw asFault(cause, 'bad-settings', `${this.#file} can't be written. Check its folder.`);
    }
    this.#fileBytes = text.length;
    // Twice what is needed at the least, or else every line would bring the next rewriting.
    this.#fileLimitBytes = Math.max(FILE_LIMIT_BYTES, 2 * text.length);
  }
}

/** The form in which this agent's own failures are answered. */
function words(message: string): string {
  return JSON.stringify({ message, details: message });
}

function sizeOf(outcome: Outcome): number {
  return outcome.state === 'ended' ? outcome.body.length : 0;
}

function lineOf(id: string, outcome: Outcome): string {
  const body = outcome.state === 'ended' ? { body: outcome.body.slice(0, FILE_BODY_LIMIT) } : {};
  return `${JSON.stringify({ id, outcome: { ...outcome, ...body } })}\n`;
}

/** A line that a kill left half written is the last one, and is skipped. */
function readLines(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw asFault(cause, 'bad-settings', `${file} can't be read. Check its owner and mode.`);
  }
  return text.split('\n').flatMap((line) => {
    try {
      const { id, outcome } = JSON.parse(line) as Partial<Line>;
      const isKnown = outcome?.state === 'running' || outcome?.state === 'ended';
      return typeof id === 'string' && isKnown ? [{ id, outcome }] : [];
    } catch {
      return [];
    }
  });
}
