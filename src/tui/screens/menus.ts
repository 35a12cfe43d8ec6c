/** What each menu holds for what lies under the cursor. */
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import { formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import type { Binding } from '../model/binding.ts';
import type { MenuName } from '../model/event.ts';
import { environmentName } from '../model/live-fleet.ts';
import type { Menu, MenuItem } from '../model/menu.ts';
import { portUrls } from '../model/port-url.ts';
import { shellWord } from '../model/shell-word.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { selectedEnvironment, subject, targets } from '../model/subject.ts';
import { bindingsOf } from './keymap.ts';
import { markedDiff } from './keys-documents.ts';
import { absence, pressOf } from './press.ts';
import { scopeMenu, sortMenu } from './scope-menu.ts';

/** The menu as of now; its items don't change while it is open. */
export function menuOf(state: AppState, name: MenuName): Menu {
  const { title, items, find } = MENUS[name](state);
  const first = items.findIndex(({ run }) => typeof run !== 'string');
  return { title, items, at: Math.max(0, first), ...(find !== undefined && { find }) };
}

type Content = Pick<Menu, 'title' | 'items' | 'find'>;

const MENUS: Readonly<Record<MenuName, (state: AppState) => Content>> = {
  actions: actionMenu,
  copy: copyMenu,
  ports: portMenu,
  scopes: scopeMenu,
  sorts: sortMenu,
};

/** `eu-1/web`, `3 containers`, `eu-1`. */
function aboutWhat(state: AppState): string {
  if (topScreen(state).kind === 'environments') return selectedEnvironment(state)?.name ?? '';
  const [first, ...more] = targets(state);
  if (!first) return 'nothing';
  if (more.length > 0) return formatThings(more.length + 1, 'container');
  return `${environmentName(shownFleet(state), first.environmentId)}/${first.name}`;
}

/** In the menu itself, and what only makes sense as a key. */
const LEFT_OUT = new Set(['actions', 'copy-menu', 'filter', 'search']);

function actionMenu(state: AppState): Content {
  const { kind } = topScreen(state);
  const isAbsent = absence(state);
  const own = bindingsOf(state, kind).filter(
    (binding) =>
      (binding.group === 'look' || binding.group === 'change') &&
      !LEFT_OUT.has(binding.action) &&
      !isAbsent(binding),
  );
  const taken = new Set<string>();
  const items = own.map((binding): MenuItem => {
    const key = letterOf(binding, taken);
    taken.add(key);
    const [label = ''] = binding.label.split(/[;:]/u);
    return { key, label, detail: binding.keys[0] ?? '', run: pressOf(state, binding) };
  });
  if (kind === 'containers') {
    items.push({
      key: 'D',
      label: 'compare the two marked',
      detail: ':diff',
      run: markedDiff(state),
    });
  }
  return { title: `Actions on ${aboutWhat(state)}`, items };
}

/** The letter of the key itself, so that fingers learn one thing; else the first letter of the label that is free. */
function letterOf({ keys, label }: Binding, taken: ReadonlySet<string>): string {
  const letters = keys.map((key) => key.replace('ctrl-', '')).filter((key) => key.length === 1);
  const all = [...letters, ...label.replaceAll(/[^a-z]/g, '').toUpperCase()];
  return all.find((letter) => !taken.has(letter) && !'jk'.includes(letter)) ?? '';
}

const copying = (key: string, label: string, texts: readonly string[], why = ''): MenuItem => {
  const text = texts.join('\n');
  const [first = ''] = texts;
  const more = texts.length > 1 ? ` and ${texts.length - 1} more` : '';
  const detail = printable(first.slice(0, 200)) + more;
  return { key, label, detail, run: text === '' ? why : { kind: 'copy-text', text } };
};

function copyMenu(state: AppState): Content {
  if (topScreen(state).kind === 'environments') return copyEnvironment(state);
  const chosen = [...targets(state)];
  const fleet = shownFleet(state);
  const hostOf = ({ environmentId }: Container) => environmentName(fleet, environmentId);
  const each = (take: (container: Container) => string) => chosen.map(take);
  const urls = chosen.flatMap((container) =>
    portUrls(fleet.environments.get(container.environmentId), container.ports).map(
      ({ url }) => url,
    ),
  );
  const rows = chosen.map((container) => ({ environment: hostOf(container), ...container }));
  const json = JSON.stringify(rows.length === 1 ? rows[0] : rows, null, 2);
  const none = 'no container is selected';
  return {
    title: `Copy of ${aboutWhat(state)}`,
    items: [
      copying(
        'n',
        'name',
        each(({ name }) => name),
        none,
      ),
      copying(
        'i',
        'id',
        each(({ id }) => id),
        none,
      ),
      copying(
        'm',
        'image',
        each(({ image }) => image),
        none,
      ),
      copying('h', 'host', [...new Set(each(hostOf))], none),
      copying('u', 'published URL', urls, 'no port of it is published'),
      copying(
        'd',
        'docker command line',
        each((container) => dockerLine(state, container)),
        none,
      ),
      { ...copying('s', 'the row as JSON', chosen.length > 0 ? [json] : [], none), detail: '' },
    ],
  };
}

function copyEnvironment(state: AppState): Content {
  const environment = selectedEnvironment(state);
  const one = (text: string | undefined) => (text === undefined || text === '' ? [] : [text]);
  const none = 'no environment is selected';
  const line = environment && `${dockerOn(state, environment)} ps`;
  return {
    title: `Copy of ${aboutWhat(state)}`,
    items: [
      copying('n', 'name', one(environment?.name), none),
      copying('h', 'host', one(environment?.engine?.hostName), 'the engine has not answered yet'),
      copying('a', 'address', one(environment?.address), none),
      copying('d', 'docker command line', one(line), none),
    ],
  };
}

function dockerLine(state: AppState, { environmentId, name }: Container): string {
  const environment = shownFleet(state).environments.get(environmentId);
  return `${dockerOn(state, environment)} inspect ${shellWord(name)}`;
}

/** docker itself where the console stands before the engine, else through whatever the console goes through. */
function dockerOn(state: AppState, environment: Environment | undefined): string {
  const address = environment?.address ?? '';
  if (address !== '' && address === state.title) return `docker -H ${shellWord(address)}`;
  return `fleet-tui proxy ${shellWord(environment?.name ?? '')} -- docker`;
}

function portMenu(state: AppState): Content {
  const container = subject(state);
  const environment = container && shownFleet(state).environments.get(container.environmentId);
  const items = portUrls(environment, container?.ports ?? []).map(
    ({ name, url }, index): MenuItem => ({
      key: index < 9 ? String(index + 1) : '',
      label: name,
      detail: url,
      run: { kind: 'open-url', url },
    }),
  );
  return { title: `Open a port of ${aboutWhat(state)}`, items };
}
