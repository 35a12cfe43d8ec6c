/** The form that a refused sign-in opens. The password lives in it and goes with it. */
import type { TextLine } from './prompt.ts';

export interface SignInScreen {
  readonly kind: 'sign-in';
  readonly focus: 'username' | 'password';
  readonly username: TextLine;
  readonly password: TextLine;
  /** The request that is under way. */
  readonly sending: number | undefined;
  /** What is wrong, as a sentence. */
  readonly problem: string | undefined;
  /** Keys pressed right after it appeared were meant for what lay there before. */
  readonly openedAtMs: number;
}

const lineOf = (text: string): TextLine => ({ text, at: text.length });

/** The form for this user, whose password is missing. */
export function signInForm(username: string, nowMs: number): SignInScreen {
  return {
    kind: 'sign-in',
    focus: username === '' ? 'username' : 'password',
    username: lineOf(username),
    password: lineOf(''),
    sending: undefined,
    problem: undefined,
    openedAtMs: nowMs,
  };
}
