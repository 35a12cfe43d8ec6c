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
