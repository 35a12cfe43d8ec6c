/** Keys that the console may not take yet, pressed as a person does: again. */
import type { TestTerminal } from './terminal.ts';

/** A question is deaf at first: a person whose key had no effect presses it again. */
export async function pressUntil(
  terminal: TestTerminal,
  key: string,
  text: string | RegExp,
): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    terminal.press(key);
    const seen = await terminal.sees(text, { timeoutMs: 300 }).then(
      () => true,
      () => false,
    );
    if (seen) return;
  }
  throw new Error(`${text} did not appear:\n${terminal.screen()}`);
}

/** The key is pressed until what it closes is gone: a question is deaf to a key in its first moments. */
export async function pressAway(terminal: TestTerminal, key: string, text: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    terminal.press(key);
    const isGone = await terminal.seesNo(text, { timeoutMs: 500 }).then(
      () => true,
      () => false,
    );
    if (isGone) return;
  }
  throw new Error(`${text} did not go away:\n${terminal.screen()}`);
}
