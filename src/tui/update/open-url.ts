/** What is said of a URL that was asked for. */
import type { OutsideEvent } from '../model/event.ts';
import type { AppState, Step } from '../model/state.ts';
import { say } from './say.ts';

/** The URL itself is always told: over SSH it is all there is. */
export function onUrlOpened(
  state: AppState,
  { url, isShown }: Extract<OutsideEvent, { kind: 'url-opened' }>,
): Step {
  return say(state, 'info', isShown ? `Opened ${url} in a browser.` : `It is at ${url}`);
}
