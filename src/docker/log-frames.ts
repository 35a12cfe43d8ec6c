/**
 * Docker's log stream as lines: 8-byte frames (Engine API, "Stream format" of attach) or a terminal's raw bytes, asked
 * for with timestamps=1. Docker cuts lines at 16 KiB and stamps every piece, so a stamp may stand inside a line.
 */
import type { LogLine } from '../protocol/log-line.ts';

export const LINE_LIMIT_BYTES = 1 << 20;

/** Docker's copier reads a container's output in pieces of this size. */
const PIECE_BYTES = 16 << 10;
const STAMP_LIMIT_BYTES = 40;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const HEADER_BYTES = 8;

export interface LogSplitter {
  /** The lines that this chunk completes, in order of arrival. */
  push(chunk: Buffer): LogLine[];
  /** What is left without a line end. */
  end(): LogLine[];
  /** How far the log has been read; undefined before the first stamped line. */
  readonly mark: LogMark | undefined;
}

/** A place in a log: the newest stamp (RFC 3339, as Docker wrote it) and how many lines bear exactly that one. */
export interface LogMark {
  readonly stamp: string;
  readonly count: number;
}

/**
 * Frames that turn out not to be frames are treated as raw from there on. With `seen`, the lines up to that mark are
 * left out: Docker's `since` is inclusive, and Podman's stamps are whole seconds.
 */
export function logSplitter(format: 'frames' | 'raw', seen?: LogMark): LogSplitter {
  const counter = new MarkCounter(seen);
  const stdout = new LineBuilder('stdout', counter);
  const stderr = new LineBuilder('stderr', counter);
  const frames = format === 'frames' ? new FrameReader() : undefined;
  return {
    push(chunk) {
      const lines: LogLine[] = [];
      let rest = chunk;
      while (frames && !frames.isBroken && rest.length > 0) {
        const piece = frames.take(rest);
        rest = piece.rest;
        const builder = piece.stream === 2 || piece.stream === 3 ? stderr : stdout;
        if (piece.isStart) builder.startPiece();
        builder.feed(piece.bytes, lines);
      }
      if (rest.length > 0) stdout.feed(rest, lines);
      return lines;
    },
    end() {
      const lines: LogLine[] = [];
      stdout.finish(lines);
      stderr.finish(lines);
      return lines;
    },
    get mark() {
      return counter.mark;
    },
  };
}

/** Counts the lines of the newest stamp, and tells which lines were seen before. */
class MarkCounter {
  mark: LogMark | undefined;
  readonly #seen: LogMark | undefined;

  constructor(seen: LogMark | undefined) {
    this.#seen = seen;
  }

  /** Notes a finished line; true when it lies before the mark. */
  isSeen(stamp: string): boolean {
    const { mark } = this;
    if (stamp === mark?.stamp) this.mark = { stamp, count: mark.count + 1 };
    else if (!mark || stamp > mark.stamp) this.mark = { stamp, count: 1 };
    return stamp === this.#seen?.stamp && (this.mark?.count ?? 0) <= this.#seen.count;
  }
}

interface Piece {
  readonly stream: number;
  readonly bytes: Buffer;
  readonly isStart: boolean;
  readonly rest: Buffer;
}

/** Cuts a byte stream at frame borders; a frame's payload comes in as many pieces as there are chunks. */
class FrameReader {
  isBroken = false;
  #header = Buffer.alloc(0);
  #stream = 1;
  #left = 0;

  take(chunk: Buffer): Piece {
    let rest = chunk;
    let isStart = false;
    if (this.#left === 0) {
      const header = Buffer.concat([
        this.#header,
        rest.subarray(0, HEADER_BYTES - this.#header.length),
      ]);
      rest = rest.subarray(header.length - this.#header.length);
      if (header.length < HEADER_BYTES) {
        this.#header = header;
        return { stream: this.#stream, bytes: Buffer.alloc(0), isStart, rest };
      }
      this.#header = Buffer.alloc(0);
      if (header.readUInt32BE(0) & 0xfc_ff_ff_ff) {
        this.isBroken = true;
        return { stream: 1, bytes: header, isStart: true, rest };
      }
      this.#stream = header.readUInt8(0);
      this.#left = header.readUInt32BE(4);
      isStart = true;
    }
    const bytes = rest.subarray(0, this.#left);
    this.#left -= bytes.length;
    return { stream: this.#stream, bytes, isStart, rest: rest.subarray(bytes.length) };
  }
}

/** Gathers one stream's bytes into lines, taking Docker's stamps off. */
class LineBuilder {
  readonly #stream: LogLine['stream'];
  readonly #counter: MarkCounter;
  #parts: Buffer[] = [];
  #size = 0;
  #pieceSize = 0;
  #lineStamp: string | undefined;
  /** Bytes that may yet become a stamp; undefined when none is due. */
  #stamp: Buffer | undefined = Buffer.alloc(0);

  constructor(stream: LogLine['stream'], counter: MarkCounter) {
    this.#stream = stream;
    this.#counter = counter;
  }

  startPiece(): void {
    this.#stamp ??= Buffer.alloc(0);
    this.#pieceSize = 0;
  }

  feed(chunk: Buffer, lines: LogLine[]): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#stamp) rest = this.#readStamp(rest, this.#stamp);
      else rest = this.#readText(rest, lines);
    }
  }

  finish(lines: LogLine[]): void {
    if (this.#stamp && this.#stamp.length > 0) this.#append(this.#stamp);
    this.#stamp = Buffer.alloc(0);
    if (this.#size > 0 || this.#lineStamp !== undefined) this.#takeLine(lines);
  }

  #readStamp(rest: Buffer, held: Buffer): Buffer {
    const bytes = Buffer.concat([held, rest.subarray(0, STAMP_LIMIT_BYTES)]);
    const space = bytes.indexOf(SPACE);
    const isUndecided = space < 0 && bytes.length < STAMP_LIMIT_BYTES && bytes.indexOf(NEWLINE) < 0;
    if (isUndecided) {
      this.#stamp = bytes;
      return rest.subarray(bytes.length - held.length);
    }
    this.#stamp = undefined;
    this.#pieceSize = 0;
    const text = space < 0 ? '' : bytes.toString('latin1', 0, space);
    if (STAMP.test(text)) {
      this.#lineStamp ??= text;
      return rest.subarray(space + 1 - held.length);
    }
    // Not a stamp: what was held back is text, unless it never left `rest`.
    return held.length === 0 ? rest : Buffer.concat([held, rest]);
  }

  #readText(rest: Buffer, lines: LogLine[]): Buffer {
    const newline = rest.indexOf(NEWLINE);
    const toPieceEnd = PIECE_BYTES - this.#pieceSize;
    const end = newline < 0 ? rest.length : newline;
    if (toPieceEnd > 0 && end >= toPieceEnd && newline !== toPieceEnd) {
      // Exactly one piece of Docker's: the next bytes may be the next piece's stamp.
      this.#append(rest.subarray(0, toPieceEnd));
      this.#stamp = Buffer.alloc(0);
      return rest.subarray(toPieceEnd);
    }
    this.#append(rest.subarray(0, end));
    if (newline < 0) return rest.subarray(end);
    this.#takeLine(lines);
    this.startPiece();
    return rest.subarray(newline + 1);
  }

  #append(bytes: Buffer): void {
    this.#pieceSize += bytes.length;
    const kept = bytes.subarray(0, Math.max(0, LINE_LIMIT_BYTES - this.#size));
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#size += kept.length;
  }

  #takeLine(lines: LogLine[]): void {
    const [first] = this.#parts;
    const bytes = first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts);
    const stamp = this.#lineStamp;
    this.#parts = [];
    this.#size = 0;
    this.#lineStamp = undefined;
    if (stamp !== undefined && this.#counter.isSeen(stamp)) return;
    const atMs = stamp === undefined ? null : Date.parse(stamp);
    lines.push({ atMs, stream: this.#stream, text: decode(bytes) });
  }
}

/** UTF-8 without the carriage return of a terminal's line end, cut at a character's border when it is a cut line. */
function decode(bytes: Buffer): string {
  let end = bytes.length;
  if (end >= LINE_LIMIT_BYTES) {
    while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
    if (end > 0 && (bytes[end - 1] ?? 0) >= 0xc0) end -= 1;
  } else if (bytes[end - 1] === 0x0d) {
    end -= 1;
  }
  return bytes.toString('utf8', 0, end);
}
