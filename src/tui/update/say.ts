/** Telling the person something: the message line shows it, `@` keeps it. */
import { addMessage, keepMessage, type Tone } from '../model/message.ts';
import { type AppState, type Step, stay } from '../model/state.ts';

/** The state with one more message. */
export function said(state: AppState, tone: Tone, text: string): AppState {
  const message = { atMs: state.nowMs, tone, text };
  return {
    ...state,
    messages: addMessage(state.messages, message, state.nextId),
    nextId: state.nextId + 1,
  };
}

/** The state with one more message in `@` only. */
export function kept(state: AppState, tone: Tone, text: string): AppState {
  const message = { atMs: state.nowMs, tone, text };
  return {
    ...state,
    messages: keepMessage(state.messages, message, state.nextId),
    nextId: state.nextId + 1,
  };
}

/** A step that only says something. */
export function say(state: AppState, tone: Tone, text: string): Step {
  return stay(said(state, tone, text));
}
