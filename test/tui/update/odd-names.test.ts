/** Names that no engine of today would allow: every printable byte, and letters that aren't ASCII. */
import { expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { container, environment, Pilot, snapshot } from '../../support/sample-fleet.ts';

const BYTES = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));
const NAMES = [...BYTES.map((byte) => `a${byte}z`), 'büro', '東京-1', 'Ωmega', 'кот'];

const at = (name: string) =>
  new Pilot(120, 40).live(snapshot([environment(1, 'eu-1')], [container(1, name)]));
const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);

test.each(NAMES)('%j is listed, asked about, planned and found as it is', (name) => {
  expect(shown(at(name))).toContain(name);
  const asked = at(name).press('ctrl-r').wait(300);
  expect(asked.state.dialog?.title).toBe(`Restart eu-1/${name}?`);
  expect(shown(asked)).toContain(`Restart eu-1/${name}?`);
  const run = asked.press('y');
  const [step] = run.state.jobs[0]?.steps.values() ?? [];
  expect(step?.planned.operation.containerName).toBe(name);
  if (name.includes('"')) return;
  expect(at(name).press('/').type(`name:"${name}"`).press('enter').rows()).toEqual([
    `eu-1/${name}`,
  ]);
});
