/** Keys while a menu is open: letters run, arrows and j k move, enter runs the selected line. */
import type { Intent, MenuName, OutsideEvent } from '../model/event.ts';
import type { Menu, MenuItem } from '../model/menu.ts';
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
  { name }: KeyEvent,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  const closed: AppState = { ...state, menu: undefined };
  const { items } = menu;
  const goTo = (at: number) =>
    stay({ ...state, menu: { ...menu, at: Math.max(0, Math.min(items.length - 1, at)) } });
  const own = items.find(({ key }) => key === name);
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

function runItem(
  state: AppState,
  { label, run }: MenuItem,
  carry: (state: AppState, intent: Intent) => Step,
): Step {
  if (typeof run !== 'string') return carry(state, run);
  return say(state, 'warning', `Can't ${label}: ${run}.`);
}
