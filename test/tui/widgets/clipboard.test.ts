/** What is written to reach the terminal's clipboard: plain, in tmux, in GNU screen, and not at all when too long. */
import { expect, test } from 'vitest';
import { COPY_LIMIT_BYTES } from '../../../src/tui/format/copy-limit.ts';
import { clipboardBytes } from '../../../src/tui/widgets/clipboard.ts';
import { openDemo } from '../../support/demo.ts';

const PLAIN = `\x1b]52;c;${Buffer.from('héllo').toString('base64')}\x07`;

test('plain', () => {
  expect(clipboardBytes('héllo', { TERM: 'xterm-256color' })).toBe(PLAIN);
});

test('in tmux: for tmux itself, and wrapped for the terminal around it', () => {
  const wrapped = `\x1bPtmux;\x1b${PLAIN}\x1b\\`;
  expect(clipboardBytes('héllo', { TMUX: '/tmp/x,1,0', TERM: 'screen-256color' })).toBe(
    PLAIN + wrapped,
  );
});

test('in GNU screen: in pieces that it passes on', () => {
  const text = 'x'.repeat(3_000);
  const bytes = clipboardBytes(text, { STY: '1.pts-0.host', TERM: 'screen' }) ?? '';
  const pieces = bytes.split('\x1b\\').filter((piece) => piece !== '');
  expect(pieces.every((piece) => piece.startsWith('\x1bP') && piece.length <= 770)).toBe(true);
  const joined = pieces.map((piece) => piece.slice(2)).join('');
  expect(joined).toBe(clipboardBytes(text, {}));
});

test('the limit counts bytes, not letters', () => {
  expect(clipboardBytes('x'.repeat(COPY_LIMIT_BYTES), {})).toBeDefined();
  expect(clipboardBytes('x'.repeat(COPY_LIMIT_BYTES + 1), {})).toBeUndefined();
  expect(clipboardBytes('é'.repeat(COPY_LIMIT_BYTES / 2 + 1), {})).toBeUndefined();
});

test('the terminal writes it between two frames; one without a clipboard is told nothing', async () => {
  await using demo = await openDemo();
  demo.terminal.press('c');
  await demo.terminal.sees('copied: sent');
  const copied = `\x1b]52;c;${Buffer.from('copied text').toString('base64')}\x07`;
  expect(demo.terminal.written).toContain(copied);
  await using old = await openDemo({ term: 'vt100' });
  old.terminal.press('c');
  await old.terminal.sees('copied: no-clipboard');
  expect(old.terminal.written).not.toContain(']52;');
});
