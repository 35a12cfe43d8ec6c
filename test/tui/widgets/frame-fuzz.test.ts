import { expect, test } from 'vitest';
import type { Block, Line, StyleName } from '../../../src/tui/screens/view.ts';
import { DEFAULT_COLOR, paletteOf } from '../../../src/tui/widgets/palette.ts';
import { Painted } from '../../support/painted.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const WIDTH = 40;
const HEIGHT = 12;
const ROUNDS = 600;
/** Two cells for us, one for the emulator, whose Unicode is older: it must not shift what follows. */
const DISPUTED = '🫠';
const WIDE = new Set(['日', '本', '字', '한', '🚀', '✅', '🐳', DISPUTED]);
const POOL = ['a', 'b', ' ', 'é', '│', '─', '●', 'x', 'ﾊ', ...WIDE];
const STYLES: readonly StyleName[] = ['plain', 'dim', 'selected', 'problem', 'error', 'match'];
const palette = paletteOf(256);

interface WantedCell {
  text: string;
  attribute: number;
}

/** What the emulator must show, painted here the slow and simple way. */
function wantedCells(blocks: readonly Block[]): WantedCell[][] {
  const rows = Array.from({ length: HEIGHT }, () =>
    Array.from({ length: WIDTH }, () => ({ text: ' ', attribute: palette('plain', 'plain') })),
  );
  for (const { area, lines } of blocks) {
    for (const [y, line] of lines.entries()) {
      const row = rows[area.top + y] ?? [];
      const right = area.left + area.width;
      const before = row[area.left - 1];
      if (row[area.left]?.text === '' && before) before.text = ' ';
      const behind = row[right];
      if (behind?.text === '') behind.text = ' ';
      const [span] = line.spans;
      const blank = palette(line.fill, undefined);
      for (let x = area.left; x < right; x++) row[x] = { text: ' ', attribute: blank };
      let at = area.left;
      for (const text of span?.text ?? '') {
        const attribute = palette(line.fill, span?.style);
        row[at++] = { text, attribute };
        if (WIDE.has(text)) row[at++] = { text: '', attribute };
      }
    }
  }
  return rows;
}

function fuzz(seed: number) {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const text = (width: number) => {
    let made = '';
    for (let room = width - random(3); room > 0; ) {
      const character = pick(POOL);
      room -= WIDE.has(character) ? 2 : 1;
      if (room >= 0) made += character;
    }
    return made;
  };
  const line = (width: number): Line => ({
    spans: [{ text: text(width), style: pick(STYLES) }],
    fill: pick(['plain', 'bar', 'selected'] as const),
  });
  const area = () => {
    const top = random(HEIGHT - 2);
    const left = random(WIDTH - 10);
    return { top, left, width: 1 + random(WIDTH - left), height: 1 + random(HEIGHT - top) };
  };
  const arranged = (): Block[] =>
    Array.from({ length: 1 + random(4) }, (_, index) => {
      const place = area();
      const lines = Array.from({ length: place.height }, () => line(place.width));
      return { id: `block ${index}`, area: place, lines };
    });
  const changed = (blocks: readonly Block[]): Block[] =>
    blocks.map((block) => ({
      ...block,
      lines: block.lines.map((old) => (random(3) ? old : line(block.area.width))),
    }));
  return { random, arranged, changed };
}

/** The cells that the emulator shows otherwise, in words. */
function wrongCells(painted: Painted, wanted: readonly WantedCell[][]): string[] {
  return wanted.flatMap((row, top) =>
    row.flatMap(({ text, attribute }, left) => {
      const isShadow = text === '' && row[left - 1]?.text === DISPUTED;
      const cell = painted.cell(top, left);
      if (text === '' && !isShadow) return cell.getWidth() === 0 ? [] : [`${top},${left}: no tail`];
      const background = cell.isBgDefault() ? DEFAULT_COLOR : cell.getBgColor();
      const foreground = cell.isFgDefault() ? DEFAULT_COLOR : cell.getFgColor();
      const isRight =
        (cell.getChars() || ' ') === (isShadow ? ' ' : text) &&
        background === (attribute & DEFAULT_COLOR) &&
        foreground === ((attribute >> 9) & DEFAULT_COLOR);
      return isRight ? [] : [`${top},${left}: ${cell.getChars()} instead of ${text}`];
    }),
  );
}

test.each([1, 4711, 20260801])('random frames come out cell for cell (seed %d)', async (seed) => {
  const { random, arranged, changed } = fuzz(seed);
  using painted = new Painted(WIDTH, HEIGHT);
  let blocks: Block[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    blocks = random(4) === 0 || blocks.length === 0 ? arranged() : changed(blocks);
    await painted.show({ blocks });
    expect(wrongCells(painted, wantedCells(blocks)), `round ${round}`).toEqual([]);
  }
});
