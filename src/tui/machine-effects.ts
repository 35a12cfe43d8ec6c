/** What the console does on the machine it runs on: a browser for a URL, a file for the commands that were typed. */
import { asFault } from '../protocol/fault.ts';
import { CommandHistory } from './command-history.ts';
import type { EffectRows } from './effect-rows.ts';
import { keepSetting } from './keep-setting.ts';
import type { AppEvent } from './model/event.ts';
import type { ViewsOutcome } from './model/saved-view.ts';
import { openUrl } from './open-url.ts';
import type { SavedViews } from './saved-views.ts';

/** As when a newer version was installed meanwhile. */
const unusable = (thrown: unknown): ViewsOutcome => ({
  why: asFault(
    thrown,
    'internal',
    'Saved views could not be loaded; leave the console and start it again.',
  ).message,
});

export interface MachineParts {
  readonly send: (event: AppEvent) => void;
  readonly now: () => number;
  /** Where it keeps what it remembers; without one it remembers nothing. */
  readonly folder?: string | undefined;
}

/** The rows, and the history told as an event as soon as it is read. Each row returns at once and never throws. */
export function machineEffects(
  parts: MachineParts,
): EffectRows<
  'open-url' | 'keep-command' | 'read-views' | 'save-view' | 'forget-view' | 'keep-setting'
> {
  const { send, now, folder } = parts;
  const history = folder === undefined ? undefined : new CommandHistory(folder);
  void history?.read().then((lines) => send({ kind: 'history-read', lines, atMs: now() }));
  let opened: SavedViews | undefined;
  /** Loaded when views are asked for: checking their file takes zod, which is slow to load. */
  const views = async (): Promise<SavedViews> => {
    const { SavedViews } = await import('./saved-views.ts');
    opened ??= new SavedViews(folder);
    return opened;
  };
  const ask = async (
    deed: (saved: SavedViews) => Promise<ViewsOutcome>,
    done: { saved?: string; forgotten?: string } = {},
  ) => {
    const outcome = await views().then(deed).catch(unusable);
    send({ kind: 'views', outcome, ...done, atMs: now() });
  };
  return {
    'read-views': () => void ask((saved) => saved.read()),
    'save-view': ({ view }) => void ask((saved) => saved.save(view), { saved: view.name }),
    'forget-view': ({ name }) => void ask((saved) => saved.forget(name), { forgotten: name }),
    'open-url': ({ url }) => {
      void openUrl(url, process.env).then((isShown) =>
        send({ kind: 'url-opened', url, isShown, atMs: now() }),
      );
    },
    'keep-setting': ({ name, value, told }) =>
      void keepSetting(name, value).then((outcome) =>
        send({ kind: 'setting-kept', told, outcome, atMs: now() }),
      ),
    'keep-command': ({ line }) => history?.keep(line),
  };
}
