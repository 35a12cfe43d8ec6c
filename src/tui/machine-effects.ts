/** What the console does on the machine it runs on: a browser for a URL, a file for the commands that were typed. */
import { CommandHistory } from './command-history.ts';
import type { EffectRows } from './effect-rows.ts';
import type { AppEvent } from './model/event.ts';
import { openUrl } from './open-url.ts';

export interface MachineParts {
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
  /** Where it keeps what it remembers; without one it remembers nothing. */
  readonly folder?: string | undefined;
}

/** The rows, and the history told as an event as soon as it is read. Each row returns at once and never throws. */
export function machineEffects(parts: MachineParts): EffectRows<'open-url' | 'keep-command'> {
  const { send, now, folder } = parts;
  const history = folder === undefined ? undefined : new CommandHistory(folder);
  void history?.read().then((lines) => send({ kind: 'history-read', lines, atMs: now() }));
  return {
    'open-url': ({ url }) => {
      void openUrl(url, process.env).then((isShown) =>
        send({ kind: 'url-opened', url, isShown, atMs: now() }),
      );
    },
    'keep-command': ({ line }) => history?.keep(line),
  };
}
