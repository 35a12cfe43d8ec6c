/** The audit trail, users, teams, access and API keys as text, kept beside this file. */
import { expect, test } from 'vitest';
import type { DeedAnswer, DeedRefusal } from '../../../src/protocol/people.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { auditPage, tellAudit } from '../../support/sample-audit.ts';
import { environment, NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';
import { DIRECTORY, listOf, tellPeople } from '../../support/sample-people.ts';

const SIZES = [
  [80, 24],
  [120, 40],
] as const;

function auditOf(pilot: Pilot): Pilot {
  tellAudit(pilot.live().press(':').type('audit').press('enter'), auditPage());
  const answer = { isSound: true, rows: 999 } as const;
  return pilot.send({ kind: 'audit-verified', answer, atMs: NOW });
}

const CODE_WANTED =
  'https://jump:9443 asks for a code: the six digits of your authenticator app, or a recovery code.';

/** The form of a new key filled in and sent, with this answer. */
function newKey(pilot: Pilot, answer: DeedAnswer | DeedRefusal): Pilot {
  listOf(pilot, 'tokens').press('n').type('ci').press('tab', 'tab').type('password');
  const deeds = pilot.press('enter').wait(301).press('tab', 'enter').effects;
  const sent = deeds.find((effect) => effect.kind === 'carry-out');
  if (!sent) throw new Error('nothing was sent');
  const { requestId, deed } = sent;
  return pilot.send({ kind: 'carried-out', requestId, deed, answer, atMs: NOW });
}

const PICTURES: Record<string, (pilot: Pilot) => Pilot> = {
  audit: (pilot) => auditOf(pilot).press('j', 'j'),
  'audit-filtered': (pilot) => {
    auditOf(pilot).press('/').type('user:kim env:eu-1').press('enter');
    return tellAudit(pilot, auditPage());
  },
  'audit-row': (pilot) => auditOf(pilot).press('j', 'j', 'enter'),
  users: (pilot) => listOf(pilot, 'users').press('j'),
  'required-factor': (pilot) => listOf(pilot, 'users').press('F', 'right'),
  'required-factor-plan': (pilot) => listOf(pilot, 'users').press('F', 'left', 'enter'),
  teams: (pilot) => listOf(pilot, 'teams'),
  members: (pilot) => tellPeople(listOf(pilot, 'teams').press('enter')),
  access: (pilot) => listOf(pilot, 'access eu-1'),
  'access-plan': (pilot) =>
    listOf(pilot, 'access eu-1').press('n').type('kim').press('tab').type('help').press('enter'),
  tokens: (pilot) => listOf(pilot, 'tokens'),
  'new-user': (pilot) => listOf(pilot, 'users').press('n').type('sam').press('tab').type('secret'),
  'new-access': (pilot) => listOf(pilot, 'access eu-1').press('n').type('zo'),
  'delete-user': (pilot) => listOf(pilot, 'users').press('j', 'ctrl-x'),
  'key-made': (pilot) =>
    newKey(pilot, { secret: 'ptr_5p3cial+KeyThatIsLong/AndShownOnlyOnce0123456=' }),
  'new-key-code': (pilot) => newKey(pilot, { why: CODE_WANTED, asksCode: true }),
  'new-key-provider': (pilot) =>
    listOf(pilot, 'tokens', { ...DIRECTORY, hasProvider: true })
      .press('n')
      .type('ci')
      .press('tab', 'tab', 'right'),
  'teams-of-a-leader': (pilot) => {
    const message = snapshot();
    if (message.kind !== 'snapshot') throw new Error('no snapshot');
    const account = { id: 2, name: 'kim', isAdministrator: false, leadsTeams: true };
    pilot
      .live({ ...message, account })
      .press(':')
      .type('teams')
      .press('enter');
    return tellPeople(pilot, { ...DIRECTORY, teams: DIRECTORY.teams.slice(0, 1) });
  },
  'help-not-allowed': (pilot) => {
    const message = snapshot([environment(1, 'eu-1', { may: ['read', 'logs', 'stats'] })]);
    if (message.kind !== 'snapshot') throw new Error('no snapshot');
    const account = { id: 2, name: 'kim', isAdministrator: false };
    pilot
      .live({ ...message, account })
      .press('/')
      .type('host:eu-1 web-3')
      .press('enter', '?', 'G');
    return pilot.press('enter', 'G');
  },
};

for (const [width, height] of SIZES) {
  test.each(Object.keys(PICTURES))(`%s at ${width}x${height}`, async (name) => {
    const { state } = PICTURES[name]?.(new Pilot(width, height)) ?? new Pilot();
    const picture = frameText(viewOf(state), state.size);
    await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
  });
}
