/**
 * Recordings of exec and attach sessions: files in the data folder that only the server's account reads, bounded in size, number and
 * age. What a program wrote is kept, never what was typed: passwords are typed. The hash of each finished file goes into the
 * audit trail, so that a changed one is found.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Fault } from '../../protocol/fault.ts';
import type { SettingStore } from '../store/store.ts';
import { CastLines, headerLine, type RecordedSession, type TerminalSize } from './asciicast.ts';
import { MAX_RECORDING_BYTES, RECORDING_FILE } from './recording-files.ts';

export interface RecordingSettings {
  readonly everywhere: boolean;
  /** Besides, where not everything is recorded. */
  readonly environmentIds: readonly number[];
  readonly keepDays: number;
  /** Of all together; the oldest go first. */
  readonly maxMegabytes: number;
}

const OFF: RecordingSettings = {
  everywhere: false,
  environmentIds: [],
  keepDays: 90,
  maxMegabytes: 1_024,
};

const SETTING = 'recording';
const ENDING = '.cast';
const isId = (id: string): boolean => RECORDING_FILE.test(id + ENDING);
const DAY_MS = 86_400_000;
const MEGABYTE = 1 << 20;
const MAX_LISTED = 1_000;

export interface RecordingParts {
  readonly folder: string;
  readonly settings: SettingStore;
  readonly log: Logger;
  readonly now: () => number;
}

export interface Recorded {
  readonly id: string;
  readonly bytes: number;
}

/** What a finished recording is known by. */
export interface Finished extends Recorded {
  readonly sha256: string;
}

/** What a session is in: an exec by its id, or a container (attach) by its id, the beginning of that, or its name. */
export interface SessionTarget {
  readonly kind: 'exec' | 'container';
  readonly id: string;
}

interface OpenSession {
  readonly target: SessionTarget;
  readonly session: RecordedSession;
}

/** One session while it goes on. */
export class Recording {
  readonly id: string;
  readonly #file: FileHandle;
  readonly #lines: CastLines;
  readonly #now: () => number;
  #bytes = 0;
  #isFull = false;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(id: string, file: FileHandle, now: () => number) {
    this.id = id;
    this.#file = file;
    this.#now = now;
    this.#lines = new CastLines(now());
  }

  /** Never throws: a session does not end because the disk is full, but `finish` then rejects. */
  output(bytes: Buffer): void {
    const line = this.#lines.output(bytes, this.#now());
    if (line !== undefined) this.write(line);
  }

  resized(size: TerminalSize): void {
    this.write(this.#lines.resized(size, this.#now()));
  }

  write(line: string): void {
    if (this.#isFull) return;
    this.#bytes += Buffer.byteLength(line) + 1;
    this.#isFull = this.#bytes > MAX_RECORDING_BYTES;
    const text = this.#isFull
      ? this.#lines.marked('the rest is not recorded: it is too long', this.#now())
      : line;
    this.#writing = this.#writing
      .then(async () => void (await this.#file.write(`${text}\n`)))
      .catch((error: unknown) => {
        this.#failure ??= error;
        this.#isFull = true;
      });
  }

  /** Resolves when all of it is on disk. */
  async finish(): Promise<void> {
    await this.#writing;
    try {
      if (this.#failure === undefined) await this.#file.sync();
    } finally {
      await this.#file.close();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }
}

export class Recordings {
  readonly #parts: RecordingParts;
  #settings: RecordingSettings;
  /** Those that go on, with what they are in, for the sizes that are told beside them. */
  readonly #open = new Map<Recording, OpenSession>();

  private constructor(parts: RecordingParts, settings: RecordingSettings) {
    this.#parts = parts;
    this.#settings = settings;
  }

  static async open(parts: RecordingParts): Promise<Recordings> {
    const kept = await parts.settings.get(SETTING);
    const settings = kept === undefined ? OFF : { ...OFF, ...JSON.parse(kept) };
    const recordings = new Recordings(parts, settings);
    await recordings.#letGo();
    return recordings;
  }

  get settings(): RecordingSettings {
    return this.#settings;
  }

  async change(change: Partial<RecordingSettings>): Promise<void> {
    const next = { ...this.#settings, ...change };
    await this.#parts.settings.set(SETTING, JSON.stringify(next));
    this.#settings = next;
    await this.#letGo();
  }

  isOn(environmentId: number): boolean {
    const { everywhere, environmentIds } = this.#settings;
    return everywhere || environmentIds.includes(environmentId);
  }

  /** Fault internal when nothing can be written: then there must be no session either. */
  async begin(target: SessionTarget, session: RecordedSession): Promise<Recording> {
    const { folder, now } = this.#parts;
    const id = `${String(now()).padStart(13, '0')}-${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(join(folder, id + ENDING), 'wx', 0o600);
      const recording = new Recording(id, file, now);
      recording.write(headerLine(session, now()));
      this.#open.set(recording, { target, session });
      return recording;
    } catch (error) {
      throw new Fault(
        'internal',
        'The session must be recorded, and the server can not write it.',
        {
          cause: error,
        },
      );
    }
  }

  /** A terminal became this large. */
  resized(environmentId: number, target: SessionTarget, size: TerminalSize): void {
    for (const [recording, one] of this.#open) {
      if (one.session.environmentId === environmentId && isIn(one, target)) recording.resized(size);
    }
  }

  /** Closes the file; undefined, and a word in the log, when it could not be written to its end. */
  async finish(recording: Recording): Promise<Finished | undefined> {
    const { id } = recording;
    try {
      // Open until its hash is known: another one that ends now must not let go of it before.
      await recording.finish();
      const finished = { id, ...(await this.#sum(id)) };
      this.#open.delete(recording);
      await this.#letGo();
      return finished;
    } catch (error) {
      this.#open.delete(recording);
      this.#parts.log.error(
        { err: error, recording: id },
        'a recording was not written to its end',
      );
      return undefined;
    }
  }

  /** The newest first, at most 1,000. */
  async list(): Promise<readonly (Recorded & { readonly header: unknown })[]> {
    await this.#letGo();
    const ids = (await this.#ids()).toReversed().slice(0, MAX_LISTED);
    const listed = ids.map(async (id) => {
      const told = await tellOf(this.#path(id));
      return told === undefined ? [] : [{ id, ...told }];
    });
    return (await Promise.all(listed)).flat();
  }

  /** The whole file; Fault not-found for any other id. */
  async read(id: string): Promise<string> {
    if (isId(id)) {
      const text = await readFile(this.#path(id), 'utf8').catch(() => undefined);
      if (text !== undefined) return text;
    }
    throw new Fault('not-found', 'There is no recording with this identifier');
  }

  #path(id: string): string {
    return join(this.#parts.folder, id + ENDING);
  }

  async #sum(id: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(this.#path(id))) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    return { bytes, sha256: hash.digest('hex') };
  }

  /** The oldest first. */
  async #ids(): Promise<readonly string[]> {
    const names = await readdir(this.#parts.folder).catch(() => []);
    return names
      .filter((name) => RECORDING_FILE.test(name))
      .map((name) => name.slice(0, -ENDING.length))
      .sort();
  }

  /** What is too old goes, then the oldest until the rest has room; those that go on stay. */
  async #letGo(): Promise<void> {
    const { keepDays, maxMegabytes } = this.#settings;
    const oldestMs = this.#parts.now() - keepDays * DAY_MS;
    const open = new Set([...this.#open.keys()].map(({ id }) => id));
    let left = maxMegabytes * MEGABYTE;
    for (const id of (await this.#ids()).toReversed()) {
      // Another one may let go of it at this very moment.
      left -= await stat(this.#path(id)).then(
        ({ size }) => size,
        () => 0,
      );
      const isOver = left < 0 || Number(id.slice(0, 13)) < oldestMs;
      if (isOver && !open.has(id)) await rm(this.#path(id), { force: true });
    }
  }
}

function isIn({ target, session }: OpenSession, { kind, id }: SessionTarget): boolean {
  if (kind !== target.kind) return false;
  if (kind === 'exec') return id === target.id;
  return id === session.container || session.containerId.startsWith(id);
}

const HEADER_BYTES = 16 << 10;

/** Undefined for one that was let go of just now; the header is null where the file has none. */
async function tellOf(path: string): Promise<{ bytes: number; header: unknown } | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size: bytes } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return { bytes, header: parsed(buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0] ?? '') };
  } finally {
    await file.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
