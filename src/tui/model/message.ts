/** Everything the console ever told the person, newest last, and which of it the message line shows at the moment. */

export type Tone = 'info' | 'done' | 'warning' | 'error' | 'busy';

export interface Message {
  readonly id: number;
  readonly atMs: number;
  readonly tone: Tone;
  readonly text: string;
  /** Set when the message tells of a job: the list shows its operations beneath. */
  readonly jobId?: number;
}

export interface Messages {
  readonly all: readonly Message[];
  /** How many there were in all, the forgotten ones too. */
  readonly count: number;
  /** Ids waiting for the message line; the first one is on it since `shownAtMs`. */
  readonly queue: readonly number[];
  readonly shownAtMs: number;
}

export const NO_MESSAGES: Messages = { all: [], count: 0, queue: [], shownAtMs: 0 };

export const KEPT_MESSAGES = 500;
const SHOWN_FOR_MS = 6_000;
const SHOWN_AT_LEAST_MS = 1_500;
/** An error counts as seen when a key is pressed after it was on the line for so long. */
const SEEN_AFTER_MS = 3_000;

/** The messages with one more, which goes to the message line after those that wait there. */
export function addMessage(messages: Messages, message: Omit<Message, 'id'>, id: number): Messages {
  const isIdle = messages.queue.length === 0;
  return {
    ...keepMessage(messages, message, id),
    queue: [...messages.queue, id],
    shownAtMs: isIdle ? message.atMs : messages.shownAtMs,
  };
}

/** The messages with one more that the message line never shows, since the screen says it elsewhere. */
export function keepMessage(
  messages: Messages,
  message: Omit<Message, 'id'>,
  id: number,
): Messages {
  const all = [...messages.all, { ...message, id }].slice(-KEPT_MESSAGES);
  return { ...messages, all, count: messages.count + 1 };
}

/** The messages with one said anew in place, shown again when it had left the message line. */
export function replaceMessage(
  messages: Messages,
  id: number,
  next: Omit<Message, 'id'>,
): Messages {
  const all = messages.all.map((message) => (message.id === id ? { ...next, id } : message));
  if (messages.queue.includes(id)) {
    const isShown = messages.queue[0] === id;
    return { ...messages, all, shownAtMs: isShown ? next.atMs : messages.shownAtMs };
  }
  const queue = [...messages.queue, id];
  return { ...messages, all, queue, shownAtMs: queue[0] === id ? next.atMs : messages.shownAtMs };
}

/** The message on the message line now. */
export function shownMessage(messages: Messages): Message | undefined {
  const id = messages.queue[0];
  return id === undefined ? undefined : messages.all.findLast((message) => message.id === id);
}

/** The messages at a later time: what was shown long enough leaves the line. Errors stay until seen. */
export function ageMessages(messages: Messages, nowMs: number): Messages {
  const shown = shownMessage(messages);
  if (messages.queue.length === 0) return messages;
  const shownForMs = nowMs - messages.shownAtMs;
  const isAlone = messages.queue.length === 1;
  const stays = shown?.tone === 'error' || (shown?.tone === 'busy' && isAlone);
  return stays || shownForMs < (isAlone ? SHOWN_FOR_MS : SHOWN_AT_LEAST_MS)
    ? messages
    : next(messages, nowMs);
}

/** The messages after a key was pressed: an error that could be read by now leaves the line. */
export function seeMessages(messages: Messages, nowMs: number): Messages {
  const isError = shownMessage(messages)?.tone === 'error';
  return isError && nowMs - messages.shownAtMs >= SEEN_AFTER_MS ? next(messages, nowMs) : messages;
}

/** The messages with an empty message line: the person has looked at all of them. */
export function clearLine(messages: Messages): Messages {
  return messages.queue.length === 0 ? messages : { ...messages, queue: [] };
}

function next(messages: Messages, nowMs: number): Messages {
  return { ...messages, queue: messages.queue.slice(1), shownAtMs: nowMs };
}
