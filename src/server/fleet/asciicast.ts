/** asciicast v2 (docs.asciinema.org): a header line, then a line for each piece of output, with the seconds since the beginning. */
import { StringDecoder } from 'node:string_decoder';

/** Who did it, and where. */
export interface RecordedSession {
  readonly user: string;
  /** Of the client. */
  readonly address: string;
  readonly environmentId: number;
  readonly environment: string;
  readonly containerId: string;
  readonly container: string;
  readonly command: string;
}

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** Before anybody has said how large the terminal is. */
const USUAL: TerminalSize = { width: 80, height: 24 };

/** The first line, without its end. */
export function headerLine(session: RecordedSession, startedAtMs: number): string {
  const { user, address, environment, environmentId, container, containerId, command } = session;
  return JSON.stringify({
    version: 2,
    ...USUAL,
    timestamp: Math.floor(startedAtMs / 1_000),
    title: `${user} in ${environment}/${container}`,
    command,
    env: {
      FLEET_USER: user,
      FLEET_ADDRESS: address,
      FLEET_ENVIRONMENT: `${environmentId} ${environment}`,
      FLEET_CONTAINER: `${containerId} ${container}`,
    },
  });
}

/** Turns bytes into lines; a character that is cut in two by their pieces stays whole. */
export class CastLines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #startedAtMs: number;

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  /** Undefined while the bytes are no whole character. */
  output(bytes: Buffer, atMs: number): string | undefined {
    const text = this.#decoder.write(bytes);
    return text === '' ? undefined : this.#line(atMs, 'o', text);
  }

  resized({ width, height }: TerminalSize, atMs: number): string {
    return this.#line(atMs, 'r', `${width}x${height}`);
  }

  marked(words: string, atMs: number): string {
    return this.#line(atMs, 'm', words);
  }

  #line(atMs: number, code: string, data: string): string {
    const seconds = Math.max(0, atMs - this.#startedAtMs) / 1_000;
    return JSON.stringify([Number(seconds.toFixed(3)), code, data]);
  }
}
