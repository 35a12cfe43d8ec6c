/** The stack of screens: opening, replacing and leaving them. */
import type { Screen } from '../model/screen.ts';
import type { AppState } from '../model/state.ts';

/** The state with another value for the screen on top. */
export function replaceTop(state: AppState, screen: Screen): AppState {
  return { ...state, screens: [...state.screens.slice(0, -1), screen] };
}

/** The state with one screen changed wherever it lies. */
export function replaceScreen(state: AppState, old: Screen, screen: Screen): AppState {
  return { ...state, screens: state.screens.map((other) => (other === old ? screen : other)) };
}

/** The state with a screen on top; one of its kind that lay open already goes, with all above it. */
export function openScreen(state: AppState, screen: Screen): AppState {
  const at = state.screens.findIndex((other) => other.kind === screen.kind);
  const below = at > 0 ? state.screens.slice(0, at) : state.screens;
  return { ...state, screens: [...below, screen] };
}

/** The state without the screen on top; the last one stays. */
export function closeScreen(state: AppState): AppState {
  return state.screens.length > 1 ? { ...state, screens: state.screens.slice(0, -1) } : state;
}
