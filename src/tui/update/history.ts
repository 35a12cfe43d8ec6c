/** The keys of the command line beyond editing: tab takes a suggestion, up and down an older command. */
import type { Effect } from '../model/event.ts';
import { type Prompt, typedByHand, withText } from '../model/prompt.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { commandNamed } from '../screens/commands.ts';
import { suggestionsFor } from '../screens/palette.ts';

const KEPT = 100;

/** The prompt after one of these keys; undefined for any other. */
export function onCommandKey(state: AppState, prompt: Prompt, key: string): Prompt | undefined {
  switch (key) {
    case 'tab':
      return choose(state, prompt, 1);
    case 'shift-tab':
      return choose(state, prompt, -1);
    case 'up':
      return recall(state, prompt, 1);
    case 'down':
      return recall(state, prompt, -1);
    default:
      return undefined;
  }
}

/** The next suggestion, going round; the only one is taken as if it had been typed, so that its argument can follow. */
function choose(state: AppState, prompt: Prompt, by: 1 | -1): Prompt {
  const all = suggestionsFor(state, prompt.typed ?? prompt.text);
  const from = prompt.choice ?? (by > 0 ? -1 : 0);
  const choice = (from + by + all.length) % Math.max(1, all.length);
  const suggestion = all[choice];
  if (!suggestion) return prompt;
  const chosen = withText(prompt, suggestion.line, { choice });
  return all.length === 1 ? typedByHand(chosen) : chosen;
}

function recall({ history }: AppState, prompt: Prompt, by: 1 | -1): Prompt {
  const back = Math.max(0, Math.min(history.length, (prompt.recall ?? 0) + by));
  if (back === 0) return withText(prompt, prompt.typed ?? prompt.text, {});
  return withText(prompt, history.at(-back) ?? '', { recall: back });
}

/** The state with the commands of earlier runs before those of this one. */
export function withHistory(state: AppState, lines: readonly string[]): AppState {
  return { ...state, history: [...lines, ...state.history].slice(-KEPT) };
}

/** The step of remembering a command; on disk only what is a command and can hold no secret. */
export function keepCommand(state: AppState, line: string): Step {
  if (state.history.at(-1) === line) return stay(state);
  const kept = { ...state, history: [...state.history, line].slice(-KEPT) };
  const command = commandNamed(line.split(/\s/u)[0] ?? '');
  const isKept = command !== undefined && command.isPrivate !== true;
  const effects: readonly Effect[] = isKept ? [{ kind: 'keep-command', line }] : [];
  return { state: kept, effects };
}
