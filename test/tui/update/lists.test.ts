import { expect, test } from 'vitest';
import { container, Pilot } from '../../support/sample-fleet.ts';

const selected = ({ state }: Pilot) => state.containers.cursor.selected;
const said = ({ state }: Pilot) => state.messages.all.at(-1)?.text;

test('all environments stand in one list, equal names side by side', () => {
  const rows = new Pilot().live().rows();
  expect(rows).toHaveLength(14);
  expect(rows.slice(7, 10)).toEqual(['eu-2/web-1', 'us-9/web-1', 'eu-2/web-2']);
});

test('typing a filter narrows the list at once; esc leaves it as it was, enter keeps it', () => {
  const pilot = new Pilot().live().press('/').type('web-1');
  expect(pilot.rows()).toEqual(['eu-2/web-1', 'us-9/web-1', 'eu-2/web-10']);
  expect(pilot.press('esc').rows()).toHaveLength(14);
  pilot.press('/').type('web-1').press('enter');
  expect(pilot.rows()).toHaveLength(3);
  expect(pilot.state.prompt).toBeUndefined();
  expect(pilot.press('/').state.prompt?.text).toBe('web-1');
});

test('keys that mean something are only letters while a prompt is open', () => {
  const pilot = new Pilot().live().press('/').type('q! @l');
  expect(pilot.state.prompt?.text).toBe('q! @l');
  expect(pilot.state.dialog).toBeUndefined();
});

test('a paste goes into a prompt and nowhere else', () => {
  const pilot = new Pilot().live();
  const before = pilot.state;
  pilot.send({ kind: 'paste', text: 'Qq\n', atMs: pilot.nowMs });
  expect(pilot.state).toBe(before);
  expect(pilot.effects).toEqual([]);
  pilot.press('/').send({ kind: 'paste', text: 'eu-1\n', atMs: pilot.nowMs });
  expect(pilot.state.prompt?.text).toBe('eu-1 ');
});

test('! shows problems only', () => {
  const pilot = new Pilot().live().press('!');
  expect(pilot.rows()).toEqual(['edge-shop-042/scanner', 'edge-shop-042/till', 'eu-1/web-7']);
  expect(pilot.press('!').rows()).toHaveLength(14);
});

test('sort keys sort at once, the same key again the other way round', () => {
  const pilot = new Pilot().live().press('S');
  expect(pilot.rows().slice(0, 3)).toEqual([
    'edge-shop-042/scanner',
    'edge-shop-042/till',
    'eu-1/web-7',
  ]);
  expect(pilot.press('A').rows()[0]).toBe('edge-shop-042/till');
  expect(pilot.press('A').rows().at(-1)).toBe('edge-shop-042/till');
  expect(pilot.press('H').rows()[0]).toBe('edge-shop-042/price-sync');
  expect(pilot.press('I').rows()[0]).toBe('us-1/cache');
  expect(pilot.press('N').rows()[0]).toBe('us-1/cache');
});

test('the selection is a container, not a row: it stays when others come above it', () => {
  const pilot = new Pilot().live().press('j', 'j', 'j');
  const before = selected(pilot);
  pilot.change({ kind: 'container', container: container(1, 'aaa') });
  expect(selected(pilot)).toBe(before);
  expect(pilot.state.containers.cursor.at).toBe(4);
});

test('rows that changed wait until sorting is due and the cursor rests', () => {
  const pilot = new Pilot().live().press('S');
  pilot.change({ kind: 'container', container: container(2, 'web-2', { health: 'unhealthy' }) });
  const place = () => pilot.rows().indexOf('eu-2/web-2');
  expect(place()).toBeGreaterThan(3);
  pilot.wait(2_500).press('j');
  expect(pilot.wait(1_000) && place()).toBeGreaterThan(3);
  expect(pilot.wait(1_000) && place()).toBe(3);
});

test('marks survive filters and sorts and reach over environments; esc clears them first', () => {
  const pilot = new Pilot()
    .live()
    .press('space', 'space', '/')
    .type('web')
    .press('enter', 'space', 'S');
  expect(pilot.state.containers.marks.size).toBe(3);
  pilot.press('esc');
  expect(pilot.state.containers.marks.size).toBe(0);
  expect(pilot.state.containers.filterText).toBe('web');
  pilot.press('esc');
  expect(pilot.state.containers.filterText).toBe('');
});

test('* marks all that the filter shows, and unmarks them', () => {
  const pilot = new Pilot().live().press('space', '/').type('web').press('enter', '*');
  expect(pilot.state.containers.marks.size).toBe(7);
  pilot.press('*');
  expect(pilot.state.containers.marks.size).toBe(1);
});

test('r freezes what is shown and counts what waits; r again shows it', () => {
  const pilot = new Pilot().live().press('r');
  pilot.change({ kind: 'container', container: container(1, 'new') });
  pilot.change({ kind: 'container', container: container(1, 'newer') });
  expect(pilot.rows()).toHaveLength(14);
  expect(pilot.state.frozen?.waiting.size).toBe(2);
  expect(pilot.press('r').rows()).toHaveLength(16);
});

test('a key that is off now says why', () => {
  const pilot = new Pilot().live().press('/').type('nothing-like-this').press('enter', 'l');
  expect(said(pilot)).toBe("Can't logs: no container is selected.");
});
