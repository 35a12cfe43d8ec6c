/** What of each event goes into the console's own log: never a key, a typed text, a copied text or an answer itself. */
import { formatThings } from '../format/amounts.ts';
import type { AppEvent } from '../model/event.ts';
import { eventPath } from '../model/event-list.ts';
import type { Message } from '../model/message.ts';
import { type LogSeverity, type NewLine, withOwnLines } from '../model/own-log.ts';
import type { AppState, Step } from '../model/state.ts';

/** The step with its lines in the log, and the wish to write them. */
export function withOwnLog(before: AppState, event: AppEvent, step: Step): Step {
  const { state, effects } = step;
  if (state === before && !mayFail(event)) return step;
  // What is said of a connection stands in its own line already.
  const said = event.kind === 'connection' ? [] : newMessages(before, state);
  const lines = [
    ...ofEvent(event, state, step),
    ...ofEvents(before, state),
    ...said.map(ofMessage),
  ];
  if (lines.length === 0) return step;
  const ownLog = withOwnLines(state.ownLog, lines);
  const written = ownLog.all.slice(-lines.length);
  return {
    state: { ...state, ownLog },
    effects: [...effects, { kind: 'write-own-log', lines: written }],
  };
}

/** An answer that nobody waits for any more changes nothing, but why it failed is worth a line. */
const mayFail = (event: AppEvent) => 'answer' in event || event.kind === 'log-said';

function ofEvent(
  event: AppEvent,
  { nowMs: atMs }: AppState,
  { effects }: Step,
): readonly NewLine[] {
  const line = (severity: LogSeverity, text: string): readonly NewLine[] => [
    { atMs, severity, text },
  ];
  if (event.kind === 'log-said') return line(event.severity, event.text);
  if (event.kind === 'connection') return ofConnection(event.connection, line);
  if (event.kind === 'feed' && event.message.kind === 'snapshot') {
    const { sequence, environments, containers } = event.message;
    const counts = `${formatThings(environments.length, 'environment')}, ${formatThings(containers.length, 'container')}`;
    return line('info', `snapshot ${sequence} of the fleet: ${counts}`);
  }
  if (event.kind === 'feed' && effects.some(({ kind }) => kind === 'resync')) {
    return line('warn', 'a message of the feed is missing: a new snapshot is asked for');
  }
  const why = whyOf(event);
  return why === undefined ? [] : line('warn', `${event.kind}: ${why}`);
}

function ofConnection(
  connection: Extract<AppEvent, { kind: 'connection' }>['connection'],
  line: (severity: LogSeverity, text: string) => readonly NewLine[],
): readonly NewLine[] {
  switch (connection.kind) {
    case 'connecting':
      return line('info', `connecting, attempt ${connection.attempt}`);
    case 'live':
      return line('info', 'connected');
    case 'lost':
      return line('warn', `connection lost: ${connection.reason}`);
    case 'refused':
      return line('error', `refused: ${connection.reason}`);
  }
}

/** Why something that was asked for failed. */
function whyOf(event: AppEvent): string | undefined {
  if (!('answer' in event) || typeof event.answer !== 'object') return undefined;
  const { answer } = event;
  return 'why' in answer && typeof answer.why === 'string' ? answer.why : undefined;
}

/** Environments that come and go, and own operations. */
function ofEvents(before: AppState, state: AppState): readonly NewLine[] {
  const told = state.events.count - before.events.count;
  const events = told > 0 ? state.events.all.slice(-told) : [];
  return events
    .filter(({ source, containerId }) => source === 'console' || containerId === undefined)
    .map(({ atMs, tone, text, ...about }): NewLine => {
      const isBad = tone === 'problem' || tone === 'nodata';
      const severity = isBad ? 'warn' : 'info';
      return { atMs, severity, text: `${eventPath(state.fleet, about)}: ${text}` };
    });
}

function newMessages(before: AppState, state: AppState): readonly Message[] {
  if (before.messages.all === state.messages.all) return [];
  const known = new Set(before.messages.all);
  return state.messages.all.filter(
    (message) => !known.has(message) && message.tone !== 'busy' && message.jobId === undefined,
  );
}

const SEVERITIES = {
  info: 'info',
  done: 'info',
  busy: 'info',
  warning: 'warn',
  error: 'error',
} as const;

const ofMessage = ({ atMs, tone, text }: Message): NewLine => ({
  atMs,
  severity: SEVERITIES[tone],
  text: `said: ${text}`,
});
