/** The form for signing in again: who, and a password that is never shown. */
import { printable } from '../format/width.ts';
import { foldWords } from '../format/wrap.ts';
import { type SignInField, type SignInScreen, signInFields } from '../model/sign-in.ts';
import type { AppState } from '../model/state.ts';
import { cell, plainLine, span } from './cells.ts';
import { visiblePart } from './prompt-line.ts';
import type { Area, Frame, Line, StyleName } from './view.ts';

const LABEL_WIDTH = 12;
const LONGEST_FIELD = 40;
/** What is said above the fields takes as many rows as there are, whatever is said. */
const LEAD_ROWS = 3;

const roomIn = ({ width }: Area) => Math.max(4, Math.min(LONGEST_FIELD, width - LABEL_WIDTH - 2));

/** The form in an area; below the fields what is wrong or what goes on. */
export function signInLines(state: AppState, screen: SignInScreen, area: Area): readonly Line[] {
  const width = Math.max(8, Math.min(area.width - 2, 76));
  const lead =
    'The server does not accept the saved key of this console any more: it was revoked, or its account is gone.';
  const rows = foldWords(lead, width).slice(0, LEAD_ROWS);
  const head = Array.from({ length: LEAD_ROWS }, (_, row) => plainLine(` ${rows[row] ?? ''}`));
  return [
    ...head,
    fieldLine(screen, 'username', area),
    fieldLine(screen, 'password', area),
    screen.asksCode ? fieldLine(screen, 'code', area) : plainLine(''),
    plainLine(''),
    ...remark(state, screen).flatMap(({ text, style }) =>
      foldWords(printable(text), width).map((row) => plainLine(` ${row}`, style)),
    ),
  ].slice(0, area.height);
}

const LABELS = { username: 'user', password: 'password', code: 'code' } as const;

const shownText = (screen: SignInScreen, field: SignInField) => {
  const line = screen[field];
  return field === 'password' ? { ...line, text: '*'.repeat(line.text.length) } : line;
};

function fieldLine(screen: SignInScreen, field: SignInField, area: Area): Line {
  const isFocused = screen.focus === field;
  const label = `${isFocused ? '> ' : '  '}${LABELS[field]}`;
  const { text } = visiblePart(shownText(screen, field), roomIn(area));
  return {
    spans: [
      cell(label, LABEL_WIDTH, isFocused ? 'accent' : 'dim'),
      span(cell(printable(text), roomIn(area)).text, isFocused ? 'marked' : 'bar'),
    ],
  };
}

function remark(
  { serverUrl }: AppState,
  { sending, problem, invitation }: SignInScreen,
): readonly { readonly text: string; readonly style: StyleName }[] {
  if (invitation !== undefined) {
    return [
      { text: `Open ${invitation.address} in a browser`, style: 'accent' },
      { text: `and enter ${invitation.userCode} there.`, style: 'accent' },
      {
        text: 'Waiting until somebody agrees … ctrl-y copies the address with the code, esc leaves.',
        style: 'pending',
      },
    ];
  }
  if (sending !== undefined) return [{ text: 'Signing in …', style: 'pending' }];
  if (problem !== undefined) return [{ text: problem, style: 'error' }];
  const text = `enter signs in to ${serverUrl ?? 'the server'} and keeps the new key; what is open goes on where it was. ctrl-o signs in by the OIDC provider of the server. esc leaves, :login comes back.`;
  return [{ text, style: 'dim' }];
}

/** The cell of the terminal's cursor; none while the form is on its way. */
export function signInCaret(screen: SignInScreen, area: Area): Frame['cursor'] {
  const row = LEAD_ROWS + signInFields(screen).indexOf(screen.focus);
  if (screen.sending !== undefined || row >= area.height) return undefined;
  const { caret } = visiblePart(shownText(screen, screen.focus), roomIn(area));
  return { top: area.top + row, left: Math.min(area.width - 1, LABEL_WIDTH + caret) };
}
