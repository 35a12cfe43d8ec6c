/** The audit screen: what is asked for and when, what its filter means, and who may open it. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { auditPage, auditRow, tellAudit } from '../../support/sample-audit.ts';
import { Pilot, snapshot } from '../../support/sample-fleet.ts';

const text = (pilot: Pilot) => frameText(viewOf(pilot.state), pilot.state.size);
const asked = (pilot: Pilot) => pilot.effects.filter(({ kind }) => kind === 'fetch-audit');
const open = (filter = '') =>
  new Pilot(120, 40).live().press(':').type(`audit ${filter}`.trim()).press('enter');
const filtered = (filter: string) => {
  const pilot = tellAudit(open(), auditPage());
  return tellAudit(pilot.press('/').type(filter).press('enter'), auditPage());
};
const shown = (pilot: Pilot) =>
  ['kim', 'robin', 'mallory', 'admin'].filter((name) => new RegExp(`  ${name} `).test(text(pilot)));

test('opens with the newest rows, asks whether the chain is whole, and says so', () => {
  const pilot = open();
  expect(asked(pilot)).toHaveLength(1);
  expect(pilot.effects).toContainEqual({ kind: 'verify-audit' });
  expect(text(tellAudit(pilot, auditPage()))).toContain('checking the chain');
  const whole = { isSound: true, rows: 999 } as const;
  expect(text(pilot.send({ kind: 'audit-verified', answer: whole, atMs: 0 }))).toContain(
    'chain whole',
  );
  const broken = { isSound: false, why: 'Row 7 or one before it was changed.' } as const;
  expect(text(pilot.send({ kind: 'audit-verified', answer: broken, atMs: 0 }))).toContain(
    'CHAIN BROKEN: Row 7 or one before it was changed.',
  );
});

test.each([
  ['user:kim', ['kim']],
  ['!user:kim', ['robin', 'mallory', 'admin']],
  ['action:sign-in', ['mallory']],
  ['env:us-1', ['robin']],
  ['status:4', ['robin', 'mallory']],
  ['/restart|exec/ user:kim', ['kim']],
  ['203.0.113', ['mallory']],
  ['since:2m', ['kim']],
  ['user:nobody', []],
])('%s leaves rows of %j', (filter, names) => {
  expect(shown(filtered(filter))).toEqual(names);
});

test('who, what, where and since are left to the server, once typing has ended', () => {
  const pilot = tellAudit(open(), auditPage());
  const before = asked(pilot).length;
  pilot.press('/').type('user:kim env:us-1 action:exec since:1h');
  expect(asked(pilot)).toHaveLength(before);
  const [effect] = asked(pilot.press('enter')).slice(before);
  const narrowing = { user: 'kim', environmentId: 3, action: 'exec', sinceMs: expect.any(Number) };
  expect(effect).toMatchObject({ narrowing, before: undefined });
});

test('a moment that makes no sense is named, and nothing is left out', () => {
  expect(text(filtered('since:noon'))).toContain('since: write 12:30');
});

test('older rows are asked for as the cursor comes near the end, and go behind the others', () => {
  const rows = Array.from({ length: 200 }, (_, index) => auditRow(999 - index));
  const pilot = tellAudit(open(), auditPage({ rows, older: 800 }));
  expect(asked(pilot)).toEqual([]);
  expect(asked(pilot.press('G')).at(-1)).toMatchObject({ before: 800 });
  const more = Array.from({ length: 50 }, (_, index) => auditRow(799 - index));
  tellAudit(pilot, auditPage({ rows: more, older: null }));
  expect(text(pilot.press('G'))).toContain('250 of 999');
});

test('new rows come in above while it lies on top, and the selected row stays selected', () => {
  const pilot = tellAudit(open(), auditPage()).press('j', 'j');
  pilot.wait(5_100);
  const page = auditPage({ rows: [auditRow(1_000, { user: 'zoe' }), ...auditPage().rows] });
  expect(text(tellAudit(pilot, page))).toMatch(/> \d{4}.* robin /u);
  expect(text(pilot)).toContain('zoe');
});

test('enter opens the row, c copies it, ctrl-s saves what the filter leaves as JSON lines', () => {
  const pilot = filtered('user:robin').press('enter');
  expect(text(pilot)).toMatch(/by +api-key, 4/u);
  const copied = pilot.press('c').effects.findLast((effect) => effect.kind === 'copy');
  expect(JSON.parse(copied?.text ?? '')).toMatchObject({ sequence: 997, user: 'robin' });
  const saved = pilot.press('esc', 'ctrl-s').effects.findLast(({ kind }) => kind === 'save-file');
  const lines = saved?.kind === 'save-file' ? [...saved.lines] : [];
  expect(lines.map((line) => JSON.parse(line).sequence)).toEqual([997]);
});

test('a refusal keeps the rows and is said; nothing is asked in a circle', () => {
  const pilot = tellAudit(open(), auditPage({ older: 500 }));
  const { requestId = 0 } = asked(pilot).at(-1) as { requestId?: number };
  const why = 'https://jump:9443 did not tell the audit trail: Access denied';
  pilot.send({ kind: 'audit-read', requestId, answer: { why }, atMs: 0 });
  expect(text(pilot)).toContain(why);
  expect(text(pilot)).toContain('mallory');
  const count = asked(pilot).length;
  expect(asked(pilot.press('j', 'j'))).toHaveLength(count);
});

test('nobody but administrators opens it, and the palette does not offer it', () => {
  const message = snapshot();
  if (message.kind !== 'snapshot') throw new Error('no snapshot');
  const account = { id: 2, name: 'kim', isAdministrator: false };
  const pilot = new Pilot(120, 40)
    .live({ ...message, account })
    .press(':')
    .type('audi');
  expect(text(pilot)).not.toContain('the audit trail');
  expect(text(pilot.type('t').press('enter'))).toContain(
    'only administrators may, and kim is none',
  );
  expect(asked(pilot)).toEqual([]);
});
