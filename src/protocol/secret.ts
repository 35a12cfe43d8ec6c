/** A text that is not printed by mistake: in a log, an error, JSON or a debugger it is `[hidden]`. */

const HIDDEN = '[hidden]';

export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, at the one place that needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  /** What Node's console and errors print. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}

/** The secret in a variable; undefined for one that is not set, or empty. */
export const secretIn = (text: string | undefined): Secret | undefined =>
  text ? new Secret(text) : undefined;
