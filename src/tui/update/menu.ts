/** Keys while a menu is open: letters run, arrows and j k move, enter runs the selected line. */
import type { Intent, MenuName, OutsideEvent } from '../model/event.ts';
import { type Menu, type MenuItem, shownItems } from '../model/menu.ts';
import { type AppState, type Step, stay } from '../model/state.ts';
import { menuOf } from '../screens/menus.ts';
import { say } from './say.ts';

type KeyEvent = Extract<OutsideEvent, { kind: 'key' }>;

/** The state with a menu open. */
export function openMenu(state: AppState, name: MenuName): AppState {
  return { ...state, menu: menuOf(state, name) };
}

/** The step of a key that a menu gets. */
export function onMenuKey(
  state: AppState,
  menu: Menu,
  key: KeyEvent,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  const closed: AppState = { ...state, menu: undefined };
  const { name } = key;
  const items = shownItems(menu);
  const goTo = (at: number) =>
    stay({ ...state, menu: { ...menu, at: Math.max(0, Math.min(items.length - 1, at)) } });
  const narrowed = narrow(menu, key);
  if (narrowed) return stay({ ...state, menu: narrowed });
  const own = items.find((item) => item.key === name);
  if (own) return runItem(closed, own, carry);
  switch (name) {
    case 'esc':
    case 'q':
    case 'ctrl-c':
      return stay(closed);
    case 'j':
    case 'down':
      return goTo(menu.at + 1);
    case 'k':
    case 'up':
      return goTo(menu.at - 1);
    case 'home':
      return goTo(0);
    case 'end':
      return goTo(items.length - 1);
    case 'enter': {
      const item = items[menu.at];
      return item ? runItem(closed, item, carry) : stay(closed);
    }
    default:
      return stay(state);
  }
}

/** In a menu that is narrowed by typing, the menu after a key that types; undefined for every other key. */
function narrow(menu: Menu, { name, text }: KeyEvent): Menu | undefined {
  const { find } = menu;
  if (find === undefined) return undefined;
  if (name === 'backspace') return { ...menu, find: find.slice(0, -1), at: 0 };
  if (name === 'ctrl-u') return { ...menu, find: '', at: 0 };
  if (text === undefined || /\p{Cc}/u.test(text)) return undefined;
  return { ...menu, find: (find + text).slice(0, 100), at: 0 };
}

function runItem(
  state: AppState,
  { label, run }: MenuItem,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  if (typeof run !== 'string') return carry(state, run);
  return say(state, 'warning', `Can't ${label}: ${run}.`);
}
