/** The form for signing in again: user and password, the code when the server asks for it, or the OIDC provider. */
import { expect, test } from 'vitest';
import { type FormScreen, focusedField, valuesOf } from '../../../src/tui/model/form.ts';
import { isSignIn } from '../../../src/tui/model/sign-in.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';

const refused = () =>
  new Pilot()
    .live()
    .send({
      kind: 'connection',
      connection: { kind: 'refused', reason: 'revoked', signIn: { username: 'ada' } },
      atMs: NOW,
    })
    .wait(400);

const answered = (pilot: Pilot, why: string | undefined, asksCode = false) =>
  pilot.send({ kind: 'signed-in', requestId: requestOf(pilot), why, asksCode, atMs: NOW });

function requestOf(pilot: Pilot): number {
  const effect = pilot.effects.findLast(({ kind }) => /sign-in$/.test(kind));
  return effect !== undefined && 'requestId' in effect ? Number(effect.requestId) : 0;
}

const formOf = ({ state }: Pilot) => state.screens.find(isSignIn);
const text = ({ state }: Pilot) => frameText(viewOf(state), state.size);

/** What stands in the form, and which field has the focus. */
function filled(pilot: Pilot) {
  const form = formOf(pilot) as FormScreen;
  return { ...valuesOf(form.form), focus: focusedField(form)?.name };
}

test('the code is asked for only when the server asks, and goes with the same password', () => {
  const pilot = refused().type('secret').press('enter');
  expect(pilot.effects.at(-1)).toMatchObject({ kind: 'sign-in', password: 'secret', code: '' });
  answered(pilot, 'asks for a code', true);
  expect(filled(pilot)).toMatchObject({ code: '', focus: 'code' });
  pilot.type('123456').press('enter');
  expect(pilot.effects.at(-1)).toMatchObject({ password: 'secret', code: '123456' });
  answered(pilot, 'does not accept this code', true);
  expect(filled(pilot)).toMatchObject({ code: '', focus: 'code' });
  answered(pilot.type('654321').press('enter'), undefined);
  expect(formOf(pilot)).toBeUndefined();
});

test('a wrong password forgets password and code; another user is asked anew', () => {
  const pilot = answered(refused().type('secret').press('enter'), 'asks for a code', true);
  answered(pilot.type('123456').press('enter'), 'wrong password');
  expect(filled(pilot)).toMatchObject({ focus: 'password', password: '', code: '' });
  pilot.press('shift-tab').type('x');
  expect(filled(pilot)).toMatchObject({ username: 'adax', focus: 'username' });
  expect(filled(pilot)).not.toHaveProperty('code');
});

test('by an API key: it is sent, forgotten when it is refused, and never shown', () => {
  const pilot = refused().press('up', 'up', 'right', 'tab').type('ptr_abc');
  expect(text(pilot)).not.toContain('ptr_abc');
  expect(text(pilot)).not.toMatch(/password \s/u);
  pilot.press('enter');
  expect(pilot.effects.at(-1)).toMatchObject({ kind: 'key-sign-in', key: 'ptr_abc' });
  answered(pilot, 'jump:9443 does not know this API key.');
  expect(filled(pilot)).toMatchObject({ key: '', focus: 'key' });
  expect(text(pilot.press('enter'))).toContain('Type or paste the API key.');
});

/** The form for the first code of a factor that the server requires. */
function enrolling() {
  const pilot = refused().type('secret').press('enter');
  const begun = { kind: 'factor-begun', secret: 'ABCDEFGH', picture: ['█▀'] } as const;
  return pilot.send({ ...begun, requestId: requestOf(pilot), atMs: NOW });
}

function confirmed(
  pilot: Pilot,
  answer: { why: string } | { recoveryCodes: readonly string[]; why: string | undefined },
) {
  const effect = pilot.effects.findLast(({ kind }) => kind === 'confirm-factor');
  const requestId = effect?.kind === 'confirm-factor' ? effect.requestId : 0;
  return pilot.send({ kind: 'factor-confirmed', requestId, answer, atMs: NOW });
}

const CODES = { recoveryCodes: ['AAAA-BBBB', 'CCCC-DDDD'], why: undefined };

test('a second factor that is required is turned on: secret, code, recovery codes, and no form is left', () => {
  const pilot = enrolling();
  expect(text(pilot)).toContain('ABCD EFGH');
  expect(text(pilot.press('enter'))).toContain('Type the six digits that the app shows.');
  confirmed(pilot.type('111111').press('enter'), { why: 'The code is wrong.' });
  expect(text(pilot)).toContain('The code is wrong.');
  expect(filled(pilot)).toEqual({ code: '', focus: 'code' });
  confirmed(pilot.type('222222').press('enter'), CODES);
  expect(text(pilot)).toContain('CCCC-DDDD');
  expect(formOf(pilot)).toBeUndefined();
  expect(pilot.press('c').effects).toEqual([{ kind: 'copy', text: 'AAAA-BBBB\nCCCC-DDDD' }]);
});

test('recovery codes that were not copied are left only after a question, and then known nowhere', () => {
  const pilot = confirmed(enrolling().type('222222').press('enter'), CODES);
  expect(text(pilot.press('esc'))).toContain('Leave these codes?');
  pilot.wait(301).press('y');
  expect(JSON.stringify(pilot.state)).not.toContain('AAAA-BBBB');
});

test('a form that is left before the code changes nothing; after it, the codes are shown all the same', () => {
  const left = enrolling().press('esc');
  expect(left.effects.map(({ kind }) => kind)).toContain('stop-sign-in');
  const pilot = enrolling().type('222222').press('enter');
  const [effect] = pilot.effects;
  const requestId = effect?.kind === 'confirm-factor' ? effect.requestId : 0;
  pilot.press('esc');
  expect(formOf(pilot)).toBeUndefined();
  pilot.send({ kind: 'factor-confirmed', requestId, answer: CODES, atMs: NOW });
  expect(text(pilot)).toContain('AAAA-BBBB');
});

test('keys that were pressed for what lay there before mean nothing', () => {
  const connection = { kind: 'refused', reason: 'x', signIn: { username: 'ada' } } as const;
  const pilot = new Pilot().live().send({ kind: 'connection', connection, atMs: NOW });
  const before = filled(pilot);
  expect(filled(pilot.type('ls').press('enter', 'up'))).toEqual(before);
});

/** By the provider instead of a password. */
const byProvider = () => refused().press('up', 'up', 'left', 'enter');

test('by the provider: the address is kept and copied, and leaving gives it up', () => {
  const pilot = byProvider();
  expect(pilot.effects.at(-1)).toMatchObject({ kind: 'provider-sign-in' });
  const invitation = {
    address: 'https://id.example/device',
    userCode: 'ABCD-EFGH',
    completeAddress: 'https://id.example/device?user_code=ABCD-EFGH',
  };
  pilot.send({ kind: 'sign-in-invited', requestId: requestOf(pilot), invitation, atMs: NOW });
  expect(formOf(pilot)?.invitation).toEqual(invitation);
  pilot.press('ctrl-y');
  expect(pilot.effects.at(-1)).toEqual({ kind: 'copy', text: invitation.completeAddress });
  pilot.type('x').press('enter');
  expect(pilot.effects).toEqual([]);
  pilot.press('esc');
  expect(pilot.effects.map(({ kind }) => kind)).toContain('stop-sign-in');
});

test('an answer to a form that was left changes nothing', () => {
  const pilot = byProvider();
  const requestId = requestOf(pilot);
  pilot.press('esc');
  const before = pilot.state;
  const invitation = { address: 'https://a', userCode: 'A', completeAddress: 'https://a' };
  pilot.send({ kind: 'sign-in-invited', requestId, invitation, atMs: NOW });
  expect(pilot.state.screens).toEqual(before.screens);
});
