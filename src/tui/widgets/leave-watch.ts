/** Finds ctrl-] q in what is typed. ctrl-] waits for the byte behind it; twice it is sent once, as telnet has it. */

const ESCAPE = 0x1d;
const QUIT = 'q'.charCodeAt(0);

export interface Watched {
  /** For the guest. */
  readonly pass: Buffer;
  /** What came behind ctrl-] q; undefined when that did not come. */
  readonly rest: Buffer | undefined;
}

/** Watches one stream of bytes, cut anywhere. */
export class LeaveWatch {
  #isHeld = false;

  feed(bytes: Buffer): Watched {
    const pass: number[] = [];
    for (const [index, byte] of bytes.entries()) {
      if (this.#isHeld) {
        this.#isHeld = false;
        if (byte === QUIT) return { pass: Buffer.from(pass), rest: bytes.subarray(index + 1) };
        pass.push(ESCAPE);
        if (byte !== ESCAPE) pass.push(byte);
      } else if (byte === ESCAPE) {
        this.#isHeld = true;
      } else {
        pass.push(byte);
      }
    }
    return { pass: Buffer.from(pass), rest: undefined };
  }
}
