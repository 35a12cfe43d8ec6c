/** The console in a real tmux, as each of the kinds of terminal that it offers, at every size, over names and logs that are not ASCII. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shiftedBorders } from '../support/borders.ts';
import { Closing } from '../support/closing.ts';
import { startMadeUpEngine } from '../support/made-up-engine.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import { openTmux, type Tmux } from '../support/tmux.ts';
import { WIDE_HOST, WIDE_LABELS, WIDE_LINES } from '../support/wide-words.ts';

const PATIENCE = { timeout: 30_000, interval: 30 };
const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
  [200, 60],
  [300, 100],
] as const;

const closing = new Closing();
let fleet: ServedFleet;

beforeAll(async () => {
  const containers = ['teller', 'web-1', 'web-2'].map((name) => ({
    name,
    labels: WIDE_LABELS,
    log: WIDE_LINES,
  }));
  const engine = closing.use(await startMadeUpEngine(containers));
  fleet = await serveFleet(closing, engine.socketPath);
  await fleet.server.api('PUT', '/api/endpoints/1', { Name: WIDE_HOST });
});
afterAll(() => closing.close());

/** What is wrong with the borders once the screen shows the mark. */
async function look(tmux: Tmux, mark: string): Promise<readonly string[]> {
  await expect.poll(() => tmux.screen(), PATIENCE).toContain(mark);
  const wrong = shiftedBorders(await tmux.cells());
  return wrong.length === 0 ? [] : [...wrong, await tmux.screen()];
}

/** Slowly: an esc that is followed at once by a letter is another key. */
async function closeQuestion(tmux: Tmux): Promise<void> {
  const screen = async () => {
    const shown = await tmux.screen();
    if (shown.includes('Cancel')) await tmux.command('send-keys', '-t', 'test', 'Escape');
    return shown;
  };
  await expect.poll(screen, { timeout: 30_000, interval: 400 }).not.toContain('Cancel');
}

test.each(['screen-256color', 'tmux-256color'])('default-terminal %s', async (term) => {
  const command = `${process.execPath} dist/fleet-tui.js; echo "status=$?"; exec cat`;
  const env = { FLEET_TUI_CONFIG_DIR: fleet.config };
  await using tmux = await openTmux(`sh -c '${command}'`, { term, env, cols: 80, rows: 24 });
  for (const [cols, rows] of SIZES) {
    await tmux.command('resize-window', '-t', 'test', '-x', String(cols), '-y', String(rows));
    expect(await look(tmux, 'teller')).toEqual([]);
    await tmux.command('send-keys', '-t', 'test', 'C-r');
    expect(await look(tmux, 'Cancel')).toEqual([]);
    await closeQuestion(tmux);
    await tmux.command('send-keys', '-t', 'test', 'l');
    expect(await look(tmux, WIDE_LINES.at(-1) ?? '')).toEqual([]);
    await tmux.command('send-keys', '-t', 'test', 'q');
  }
  await tmux.command('send-keys', '-t', 'test', 'Q');
  await expect.poll(() => tmux.screen(), PATIENCE).toContain('status=0');
});
