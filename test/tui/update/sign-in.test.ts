/** The form for signing in again: user and password, the code when the server asks for it, or the OIDC provider. */
import { expect, test } from 'vitest';
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

const formOf = ({ state }: Pilot) => {
  const screen = state.screens.find(({ kind }) => kind === 'sign-in');
  return screen?.kind === 'sign-in' ? screen : undefined;
};

test('the code is asked for only when the server asks, and goes with the same password', () => {
  const pilot = refused().type('secret').press('enter');
  expect(pilot.effects.at(-1)).toMatchObject({ kind: 'sign-in', password: 'secret', code: '' });
  answered(pilot, 'asks for a code', true);
  expect(formOf(pilot)).toMatchObject({ asksCode: true, focus: 'code' });
  pilot.type('123456').press('enter');
  expect(pilot.effects.at(-1)).toMatchObject({ password: 'secret', code: '123456' });
  answered(pilot, 'does not accept this code', true);
  expect(formOf(pilot)).toMatchObject({ focus: 'code', code: { text: '' } });
  answered(pilot.type('654321').press('enter'), undefined);
  expect(formOf(pilot)).toBeUndefined();
});

test('a wrong password forgets password and code; another user is asked anew', () => {
  const pilot = answered(refused().type('secret').press('enter'), 'asks for a code', true);
  answered(pilot.type('123456').press('enter'), 'wrong password');
  expect(formOf(pilot)).toMatchObject({
    focus: 'password',
    password: { text: '' },
    code: { text: '' },
  });
  pilot.press('shift-tab').type('x');
  expect(formOf(pilot)).toMatchObject({ asksCode: false, username: { text: 'adax' } });
});

test('by the provider: the address is kept and copied, and leaving gives it up', () => {
  const pilot = refused().press('ctrl-o');
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
  const pilot = refused().press('ctrl-o');
  const requestId = requestOf(pilot);
  pilot.press('esc');
  const before = pilot.state;
  const invitation = { address: 'https://a', userCode: 'A', completeAddress: 'https://a' };
  pilot.send({ kind: 'sign-in-invited', requestId, invitation, atMs: NOW });
  expect(pilot.state.screens).toEqual(before.screens);
});
