import { describe, expect, test } from 'vitest';
import type { Block, Line } from '../../../src/tui/screens/view.ts';
import { Painted } from '../../support/painted.ts';

const block = (id: string, lines: string[], more: Partial<Block> = {}): Block => ({
  id,
  area: { top: 0, left: 0, width: 12, height: lines.length },
  lines: lines.map((text): Line => ({ spans: [{ text }] })),
  ...more,
});

describe('a block', () => {
  test('cuts what is too long and blanks what is missing', async () => {
    using painted = new Painted(12, 4);
    const area = { top: 0, left: 0, width: 10, height: 3 };
    expect(await painted.show({ blocks: [block('a', ['0123456789abc', 'ok   '], { area })] })).toBe(
      '012345678…\nok',
    );
  });

  test('trailing blanks are no reason for an ellipsis', async () => {
    using painted = new Painted(12, 2);
    const area = { top: 0, left: 0, width: 5, height: 1 };
    expect(await painted.show({ blocks: [block('a', ['12345   '], { area })] })).toBe('12345');
  });

  test('has its title in the upper edge', async () => {
    using painted = new Painted(16, 4);
    const area = { top: 0, left: 0, width: 16, height: 3 };
    const bordered = block('a', ['inside'], { area, border: { title: 'Logs' } });
    expect(await painted.show({ blocks: [bordered] })).toBe(
      '┌─ Logs ───────┐\n│inside        │\n└──────────────┘',
    );
  });

  test('is drawn with plus, minus and bar when only ASCII may be drawn', async () => {
    using painted = new Painted(16, 4, { isAscii: true });
    const area = { top: 0, left: 0, width: 16, height: 3 };
    const bordered = block('a', ['● ünï 日本 too long'], { area, border: { title: 'Logs' } });
    expect(await painted.show({ blocks: [bordered] })).toBe(
      '+- Logs -------+\n|* uni ???? to~|\n+--------------+',
    );
  });

  test.each([0, 1, 2, 3, 5])('of %d cells survives', async (size) => {
    using painted = new Painted(6, 3);
    const area = { top: 0, left: 0, width: size, height: size };
    const bordered = block('a', ['日本語'], { area, border: { title: 'A long title' } });
    await painted.show({ blocks: [bordered, block('b', ['日本語'], { area })] });
  });
});

describe('frames', () => {
  test('nothing is sent when nothing changed', async () => {
    using painted = new Painted(12, 2);
    await painted.show({ blocks: [block('a', ['same', '日本'])] });
    await painted.show({ blocks: [block('a', ['same', '日本'])] });
    expect(painted.bytes).toBe('');
  });

  test('one changed character is sent alone', async () => {
    using painted = new Painted(12, 2);
    await painted.show({ blocks: [block('a', ['up 3 min', 'x'])] });
    await painted.show({ blocks: [block('a', ['up 4 min', 'x'])] });
    expect(painted.bytes).toBe('\x1b[1;4H\x1b[m4\x1b[m');
  });

  test('a dialog covers what lies under it and gives it back', async () => {
    using painted = new Painted(12, 3);
    const below = block('list', ['日本日本日本', 'one two six', 'more']);
    const dialog = block('dialog', ['?sure?'], { area: { top: 0, left: 3, width: 6, height: 1 } });
    const before = await painted.show({ blocks: [below] });
    expect(await painted.show({ blocks: [below, dialog] })).toBe('日 ?sure? 本\none two six\nmore');
    const changed = block('list', ['under and on', 'one two six', 'more']);
    expect(await painted.show({ blocks: [changed, dialog] })).toBe(
      'und?sure? on\none two six\nmore',
    );
    expect(await painted.show({ blocks: [below] })).toBe(before);
  });

  test('the cursor shows where the frame says', async () => {
    using painted = new Painted(12, 2);
    await painted.show({ blocks: [block('a', ['/we'])], cursor: { top: 0, left: 3 } });
    expect(painted.bytes.endsWith('\x1b[1;4H\x1b[?25h')).toBe(true);
    await painted.show({ blocks: [block('a', ['/we'])] });
    expect(painted.bytes).toBe('\x1b[?25l');
  });

  test('after a reset everything is painted again', async () => {
    using painted = new Painted(12, 2);
    await painted.show({ blocks: [block('a', ['hello'])] });
    painted.terminal.resize(20, 3);
    painted.terminal.clear();
    await new Promise<void>((resolve) => painted.terminal.write('\x1b[2J', resolve));
    painted.painter.reset({ width: 20, height: 3 });
    expect(await painted.show({ blocks: [block('a', ['hello'])] })).toBe('hello');
  });
});
