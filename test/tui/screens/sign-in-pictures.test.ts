/** Signing in again as text, kept beside this file: its ways, and the second factor that a server requires. */
import { expect, test } from 'vitest';
import { qrRows } from '../../../src/tui/qr-rows.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';

const refuse = (pilot: Pilot): Pilot =>
  pilot
    .send({
      kind: 'connection',
      connection: {
        kind: 'refused',
        reason: 'jump:9443 does not accept the saved sign-in any more.',
        signIn: { username: 'admin' },
      },
      atMs: NOW,
    })
    .wait(400);

const OTP_URL =
  'otpauth://totp/fleet-server:admin?issuer=fleet-server&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30';
const RECOVERY_CODES = Array.from({ length: 10 }, (_, at) => `AB${at}D-EFGH-JKLM-NPQR`);

const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
] as const;

/** The form for the first code of a second factor that the server requires. */
function enrolling(pilot: Pilot): Pilot {
  refuse(pilot.live()).type('secret').press('enter');
  const requestId = pilot.state.nextId - 1;
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  return pilot.send({
    kind: 'factor-begun',
    requestId,
    secret,
    picture: qrRows(OTP_URL),
    atMs: NOW,
  });
}

const PICTURES: Record<string, (pilot: Pilot) => Pilot> = {
  'sign-in': (pilot) => refuse(pilot.live().press('l')).type('secret'),
  'sign-in-key': (pilot) => refuse(pilot.live()).press('up', 'up', 'right', 'tab').type('ptr_abc'),
  'sign-in-code': (pilot) =>
    refuse(pilot.live())
      .type('secret')
      .press('enter')
      .send({
        kind: 'signed-in',
        requestId: pilot.state.nextId - 1,
        why: 'jump:9443 asks for a code: the six digits of your authenticator app, or a recovery code.',
        asksCode: true,
        atMs: NOW,
      })
      .type('123'),
  'factor-form': (pilot) => enrolling(pilot).type('12'),
  'recovery-codes': (pilot) =>
    enrolling(pilot)
      .type('123456')
      .press('enter')
      .send({
        kind: 'factor-confirmed',
        requestId: pilot.state.nextId - 1,
        answer: { recoveryCodes: RECOVERY_CODES, why: undefined },
        atMs: NOW,
      }),
  'sign-in-provider': (pilot) =>
    refuse(pilot.live())
      .press('up', 'up', 'left', 'enter')
      .send({
        kind: 'sign-in-invited',
        requestId: pilot.state.nextId - 1,
        invitation: {
          address: 'https://id.example.com/device',
          userCode: 'HQLC-ZTPR',
          completeAddress: 'https://id.example.com/device?user_code=HQLC-ZTPR',
        },
        atMs: NOW,
      }),
};

for (const [width, height] of SIZES) {
  test.each(Object.keys(PICTURES))(`%s at ${width}x${height}`, async (name) => {
    const { state } = PICTURES[name]?.(new Pilot(width, height)) ?? new Pilot();
    const picture = frameText(viewOf(state), state.size);
    await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
  });
}
