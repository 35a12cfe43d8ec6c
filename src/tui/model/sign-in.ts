/** The form that a refused sign-in opens. The password lives in it and goes with it. */
import type { TextLine } from './prompt.ts';

export type SignInField = 'username' | 'password' | 'code';

/** How a person agrees at the OIDC provider. */
export interface Invitation {
  readonly address: string;
  readonly userCode: string;
  /** With the code in it. */
  readonly completeAddress: string;
}

export interface SignInScreen {
  readonly kind: 'sign-in';
  readonly focus: SignInField;
  readonly username: TextLine;
  readonly password: TextLine;
  /** Of the second factor; only asked for when the server has done so. */
  readonly code: TextLine;
  readonly asksCode: boolean;
  /** While a sign-in by the provider waits for a person. */
  readonly invitation: Invitation | undefined;
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
    code: lineOf(''),
    asksCode: false,
    invitation: undefined,
    sending: undefined,
    problem: undefined,
    openedAtMs: nowMs,
  };
}

/** The fields that are shown, from the top. */
export const signInFields = ({ asksCode }: SignInScreen): readonly SignInField[] =>
  asksCode ? ['username', 'password', 'code'] : ['username', 'password'];
