/** The view of an inspect answer and the comparison, key by key. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/tui/model/document.ts';
import type { InspectScreen } from '../../../src/tui/model/inspect-view.ts';
import { topScreen } from '../../../src/tui/model/state.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { container, environment, Pilot, snapshot } from '../../support/sample-fleet.ts';
import { hostileAnswer, maskedAnswer, SECRET } from '../../support/sample-inspect.ts';

const FLEET = snapshot(
  [environment(1, 'eu-1'), environment(2, 'us-1')],
  [container(1, 'web'), container(2, 'web'), container(2, 'webhook')],
);

function answer(pilot: Pilot, document: Json, isRevealed = false): Pilot {
  const asked = pilot.effects.find((effect) => effect.kind === 'fetch-document');
  const requestId = asked?.kind === 'fetch-document' ? asked.requestId : -1;
  const atMs = pilot.nowMs;
  return pilot.send({ kind: 'document-read', requestId, answer: { document }, isRevealed, atMs });
}

const opened = () => answer(new Pilot().live(FLEET).press('y'), maskedAnswer('web'));
const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const inspect = ({ state }: Pilot) => topScreen(state) as InspectScreen;
const selected = (pilot: Pilot) => /^> (.*?)\s*$/m.exec(shown(pilot))?.[1]?.trim();

describe('inspect', () => {
  test('a search counts, n and N go round, and a match in a folded branch unfolds it', () => {
    const pilot = opened().press('/').type('Networks: !x');
    expect(shown(pilot)).toContain('1 row');
    pilot.press('enter');
    expect(selected(pilot)).toBe('Networks:');
    pilot.press('enter', 'g', '/', 'ctrl-u').type('172.18').press('enter');
    expect(selected(pilot)).toBe('IPAddress: 172.18.0.4');
    pilot.press('/', 'ctrl-u').type('e').press('enter', 'N');
    const before = selected(pilot);
    pilot.press('n', 'N');
    expect(selected(pilot)).toBe(before);
    expect(shown(pilot)).toMatch(/\/e \d+ of \d+/);
  });

  test('c copies the value, C its path, y turns it into JSON', () => {
    const pilot = opened().press('/').type('tier').press('enter', 'c');
    expect(pilot.effects).toEqual([{ kind: 'copy', text: 'edge' }]);
    expect(pilot.press('C').effects).toEqual([{ kind: 'copy', text: '.Config.Labels.tier' }]);
    pilot.press('y');
    expect(selected(pilot)).toBe('"tier": "edge",');
    pilot.press('/', 'ctrl-u').type('!:Z Mounts').press('enter', 'y', 'c');
    expect(pilot.effects).toMatchObject([{ text: expect.stringContaining('Destination: /data') }]);
  });

  test('d tells what changed since the answer before', () => {
    const pilot = opened();
    expect(pilot.press('d').state.messages.all.at(-1)?.text).toContain('nothing has changed');
    answer(pilot.press('f5'), maskedAnswer('web', { HostConfig: { Memory: 5 } })).press('d');
    expect(shown(pilot)).toContain('1073741824');
    expect(shown(pilot)).toContain('1 difference');
    expect(topScreen(pilot.press('esc').state).kind).toBe('inspect');
  });

  test('r asks again every two seconds, and only while the view is on top', () => {
    const pilot = opened().press('r').wait(2_000);
    expect(pilot.effects).toMatchObject([{ kind: 'fetch-document', isRevealed: false }]);
    expect(pilot.wait(2_000).effects).toEqual([]);
    answer(pilot.press('r', 'f5'), maskedAnswer('web'));
    expect(pilot.press('r', '@').wait(5_000).effects).toEqual([]);
  });

  test('x shows what is masked, and mask it again at once', () => {
    const pilot = opened().press('x');
    expect(pilot.effects).toMatchObject([{ kind: 'fetch-document', isRevealed: true }]);
    const plain = JSON.parse(JSON.stringify(maskedAnswer('web')).replaceAll('<masked 19>', SECRET));
    answer(pilot, plain, true).press('/').type('DB_PASS').press('enter');
    expect(shown(pilot)).toContain(SECRET);
    expect(shown(pilot)).toContain('secrets shown');
    pilot.press('x');
    expect(shown(pilot)).not.toContain(SECRET);
    expect(JSON.stringify([...pilot.state.documents.values()])).not.toContain(SECRET);
    expect(JSON.stringify(inspect(pilot).current)).not.toContain(SECRET);
  });

  test('leaving gives up what was asked', () => {
    expect(new Pilot().live(FLEET).press('y', 'esc').effects).toEqual([{ kind: 'stop-documents' }]);
  });

  test('10,000 labels and 1 MiB values stay harmless, and a repaint builds the window only', () => {
    const pilot = answer(new Pilot().live(FLEET).press('y'), hostileAnswer());
    for (const key of ['g', 'G', 'w', 'G', 'y', 'g', 'ctrl-d', 'right']) {
      pilot.press(key);
      expect(shown(pilot)).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
      const body = viewOf(pilot.state).blocks.find(({ id }) => id === 'body');
      expect(body?.lines.length).toBeLessThanOrEqual(20);
    }
  });
});

describe('diff', () => {
  test('two marked rows are compared, whatever lies between', () => {
    const pilot = new Pilot(120, 40).live(FLEET).press('space', 'space', ':').type('diff');
    pilot.press('enter');
    const asked = pilot.effects.filter((effect) => effect.kind === 'fetch-document');
    expect(asked).toHaveLength(2);
    for (const [index, { requestId }] of asked.entries()) {
      const document = maskedAnswer(`web-${index}`, { HostConfig: { Memory: index } });
      const told = { kind: 'document-read', requestId, isRevealed: false, atMs: 0 } as const;
      pilot.send({ ...told, answer: { document } });
    }
    expect(shown(pilot)).toMatch(/Memory\s+0\s+1\b/);
    expect(shown(pilot)).not.toContain('Hostname');
    expect(shown(pilot.press('x'))).toContain('Hostname');
  });

  test.each([
    ['diff web@eu-1 web@us-1', undefined],
    ['diff eu-1/web us-1/webhook', undefined],
    ['diff web@eu-1 web', 'web is the name of 2 containers'],
    ['diff web@eu-1 web@eu-1', 'the same container'],
    ['diff nobody web@eu-1', 'No container is called nobody'],
    ['diff', 'mark exactly two'],
  ])(':%s', (line, why) => {
    const pilot = new Pilot().live(FLEET).press(':').type(line).press('enter');
    if (why === undefined) expect(topScreen(pilot.state).kind).toBe('diff');
    else expect(pilot.state.messages.all.at(-1)?.text).toContain(why);
  });
});
