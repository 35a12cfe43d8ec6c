/**
 * What a new password must be: long enough (Portainer's RequiredPasswordLength), and nothing that somebody with a list of
 * breached passwords guesses soon. The list ships with the server and nothing is asked of anybody.
 */
import { z } from 'zod';
import { Fault } from '../../protocol/fault.ts';
import type { SettingStore } from '../store/store.ts';
import { KeptSetting } from './kept-setting.ts';

/** Below 8 no list helps; above 128 nobody can sign in any more. */
const LENGTHS = { least: 8, most: 128 } as const;
const LENGTH = {
  name: 'required-password-length',
  schema: z.coerce.number<string>().int().min(LENGTHS.least).max(LENGTHS.most),
  otherwise: 12,
} as const;
/** Longer ones are refused before they cost anything. */
export const MAX_PASSWORD_LENGTH = 1024;
/** Of a long password the beginning says enough, and judging costs more than linear time. */
const JUDGED_LENGTH = 64;
/** Guesses, by their tenth logarithm, that a password must withstand: what a slowed-down sign-in takes years for. */
const LEAST_GUESSES_LOG10 = 6;

const weak = (details: string): Fault =>
  new Fault('bad-request', 'Password does not meet the requirements', { details });

async function loadGuesser() {
  const [{ ZxcvbnFactory }, { adjacencyGraphs: graphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs });
}

let guesser: ReturnType<typeof loadGuesser> | undefined;

/** The rule for new passwords; those that are there stay good. */
export class PasswordPolicy {
  readonly #length: KeptSetting<number>;

  private constructor(length: KeptSetting<number>) {
    this.#length = length;
  }

  static async open(settings: SettingStore): Promise<PasswordPolicy> {
    return new PasswordPolicy(await KeptSetting.open<number>(settings, LENGTH));
  }

  /** In characters. */
  get requiredLength(): number {
    return this.#length.value;
  }

  /** Fault bad-request for a length that makes no sense. */
  async setRequiredLength(length: number): Promise<void> {
    const { least, most } = LENGTHS;
    if (length < least || length > most) {
      throw new Fault('bad-request', 'Invalid request payload', {
        details: `RequiredPasswordLength is between ${least} and ${most}.`,
      });
    }
    await this.#length.set(length);
  }

  /** Fault bad-request that says why the password won't do for the account of this name. */
  async check(password: string, username: string): Promise<void> {
    if ([...password].length < this.requiredLength) {
      throw weak(`Give at least ${this.requiredLength} characters.`);
    }
    if (password.length > MAX_PASSWORD_LENGTH) {
      throw weak(`Give at most ${MAX_PASSWORD_LENGTH} characters.`);
    }
    guesser ??= loadGuesser();
    const { guessesLog10, sequence } = (await guesser).check(password.slice(0, JUDGED_LENGTH), [
      username,
      'fleet',
      'portainer',
      'docker',
    ]);
    if (guessesLog10 < LEAST_GUESSES_LOG10) throw weak(whyGuessed(sequence));
  }
}

function whyGuessed(parts: readonly { pattern: string; dictionaryName?: unknown }[]): string {
  const isListed = parts.some(({ dictionaryName }) => dictionaryName === 'passwords-common');
  const isOwn = parts.some(({ dictionaryName }) => dictionaryName === 'userInputs');
  const advice = 'take a few words that have nothing to do with each other';
  if (isOwn) return `This is little more than the name of the account or the product; ${advice}.`;
  if (isListed) {
    return `This is, or hardly differs from, a password that is known from breaches; ${advice}.`;
  }
  return `This is a pattern that is guessed first (repeats, rows of keys, dates); ${advice}.`;
}
