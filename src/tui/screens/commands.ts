/** What can be typed after `:`. Data like the keys, so that help and docs/keys.md list exactly what works. */
import type { Command } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { nearestWord } from '../model/nearest-word.ts';
import { whyNotAllowed } from '../model/rights.ts';
import { type AppState, topScreen } from '../model/state.ts';
import { subjectKey } from '../model/subject.ts';
import { undoableOf } from '../model/undo.ts';
import { ACCOUNT_COMMANDS } from './account-commands.ts';
import { AUDIT_COMMAND } from './keys-audit.ts';
import { DOCUMENT_COMMANDS } from './keys-documents.ts';
import { addIntent, linkIntent } from './keys-environments.ts';
import { EVENT_COMMANDS } from './keys-events.ts';
import { GUEST_COMMANDS } from './keys-guests.ts';
import { USE_COMMANDS } from './keys-metrics.ts';
import { OWN_LOG_COMMANDS } from './keys-own-log.ts';
import { PEOPLE_COMMANDS } from './keys-people.ts';
import { PROBLEM_COMMANDS } from './keys-problems.ts';
import { SCOPE_COMMANDS } from './keys-scopes.ts';
import { LOCK_COMMANDS } from './lock-commands.ts';
import { SKIN_COMMAND } from './look.ts';
import { containersNamed, environmentNamed } from './named.ts';
import { WHY_COMMAND } from './why-command.ts';

export const COMMANDS: readonly Command[] = [
  { names: ['wall'], label: 'the wall', run: () => ({ kind: 'open-wall' }) },
  {
    names: ['c', 'containers'],
    label: 'the containers of all environments',
    run: () => ({ kind: 'open-list', list: 'containers' }),
  },
  {
    names: ['h', 'hosts', 'environments'],
    label: 'environments',
    run: () => ({ kind: 'open-list', list: 'environments' }),
  },
  {
    names: ['host', 'env'],
    argument: 'NAME',
    completes: ['environment'],
    label: 'the containers of one environment',
    run: runHost,
  },
  {
    names: ['logs', 'l'],
    argument: 'NAME',
    completes: ['container'],
    label: 'the log of a container: web or eu-1/web; the selected one without a name',
    needs: 'logs',
    run: runLogs,
  },
  {
    names: ['link'],
    argument: 'NAME',
    completes: ['environment'],
    label: 'the link of an environment; of the selected one without a name',
    run: runLink,
  },
  {
    names: ['login'],
    label: 'sign in again, where the server refuses the saved key',
    run: ({ connection }) =>
      connection.kind === 'refused' && connection.signIn
        ? { kind: 'open-sign-in' }
        : 'The server accepts this console; nobody needs to sign in.',
  },
  {
    names: ['add'],
    label: 'add an environment',
    mayChange: true,
    needs: 'administrator',
    run: runAdd,
  },
  ...DOCUMENT_COMMANDS,
  ...GUEST_COMMANDS,
  ...USE_COMMANDS,
  ...SCOPE_COMMANDS,
  { names: ['wide'], label: 'wide columns, and back', run: runWide },
  ...EVENT_COMMANDS,
  ...PROBLEM_COMMANDS,
  ...OWN_LOG_COMMANDS,
  {
    names: ['info'],
    label: 'this console: versions, files, terminal, what it holds, what it asks of each host',
    run: () => ({ kind: 'open-info' }),
  },
  {
    names: ['ops', 'operations'],
    label: 'operations: what was done to containers, with results',
    run: () => ({ kind: 'open-operations' }),
  },
  { names: ['messages'], label: 'messages', run: () => ({ kind: 'open-messages' }) },
  {
    names: ['undo'],
    label: 'undo the last operation, as u does',
    mayChange: true,
    run: ({ jobs, nowMs }) =>
      undoableOf(jobs, nowMs) ? { kind: 'undo' } : 'There is nothing to undo now.',
  },
  {
    names: ['recreate'],
    argument: 'NAME',
    label: 'make a removed container again; those of the last removal without a name',
    mayChange: true,
    needs: 'create',
    run: (_state, name) => ({ kind: 'recreate', name }),
  },
  AUDIT_COMMAND,
  ...PEOPLE_COMMANDS,
  ...LOCK_COMMANDS,
  ...ACCOUNT_COMMANDS,
  SKIN_COMMAND,
  WHY_COMMAND,
  {
    names: ['help', '?'],
    label: 'help on the keys of this view',
    run: () => ({ kind: 'open-help' }),
  },
  { names: ['q', 'quit'], label: 'quit', run: () => ({ kind: 'quit', isSure: false }) },
];

/** The command of this name; undefined when there is none. */
export function commandNamed(name: string): Command | undefined {
  return COMMANDS.find(({ names }) => names.includes(name));
}

/** The intent of a typed command line or, as a sentence, why it does nothing. */
export function readCommand(state: AppState, text: string): Intent | string {
  const [, name = '', argument = ''] = /^\s*(\S*)\s*(.*?)\s*$/u.exec(text) ?? [];
  const command = commandNamed(name);
  if (command) {
    const { needs } = command;
    const why = needs && whyNotAllowed(state, needs, argument === '' ? 'now' : 'anywhere');
    return why === undefined ? command.run(state, argument) : `Can't do that: ${why}.`;
  }
  const nearest = nearestWord(
    name,
    COMMANDS.flatMap(({ names }) => names),
  );
  if (nearest) return `There is no command :${name}. Did you mean :${nearest}?`;
  const known = COMMANDS.map(({ names }) => `:${names[0]}`).join(' ');
  return `There is no command :${name}. There are ${known}.`;
}

function runWide(state: AppState): Intent | string {
  if (topScreen(state).kind !== 'containers')
    return 'Only the list of containers has wide columns.';
  return { kind: 'switch', what: 'wide' };
}

function runHost(state: AppState, argument: string): Intent | string {
  if (argument === '') return ':host needs the name of an environment; :h lists them.';
  const found = environmentNamed(state, argument);
  if (!found) return `No environment is called ${argument}; :h lists them.`;
  return { kind: 'scope', environmentId: found.id };
}

const asSentence = (intent: Intent | string, command: string): Intent | string =>
  typeof intent === 'string' ? `Can't ${command}: ${intent}.` : intent;

function runLink(state: AppState, argument: string): Intent | string {
  if (argument === '') return asSentence(linkIntent(state), 'show a link');
  const found = environmentNamed(state, argument);
  if (!found) return `No environment is called ${argument}; :h lists them.`;
  return asSentence(linkIntent(state, found), 'show a link');
}

function runAdd(state: AppState): Intent | string {
  return asSentence(addIntent(state), 'add an environment');
}

function runLogs(state: AppState, argument: string): Intent | string {
  if (argument === '') {
    const key = subjectKey(state);
    return key === undefined ? ':logs needs the name of a container.' : { kind: 'open-logs', key };
  }
  const found = containersNamed(state, argument);
  return found.kind === 'one' ? { kind: 'open-logs', key: found.key } : found.why;
}
