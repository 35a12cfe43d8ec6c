/** The form for a new environment, and what is shown of the answer, whose secrets live in its screen and go with it. */
import {
  ADDABLE_KINDS,
  type AddableKind,
  type AddedEnvironment,
  type EnvironmentDraft,
} from '../../protocol/new-environment.ts';
import {
  choiceField,
  type Field,
  type FilledForm,
  type FormDeed,
  type FormMisread,
  type FormValues,
  type Option,
  textField,
} from './form.ts';

/** Ways to start an agent, in the order in which they are shown. */
export const START_WAYS = ['docker', 'npx', 'systemd'] as const;
export type StartWay = (typeof START_WAYS)[number];

export interface AddedScreen {
  readonly kind: 'environment-added';
  readonly name: string;
  /** The server's URL as the agent will reach it. */
  readonly url: string;
  readonly environmentId: number;
  readonly edgeKey: string;
  readonly edgeId: string;
  readonly isOwnCertificate: boolean;
  readonly way: StartWay;
  readonly isCopied: boolean;
  readonly top: number;
}

const KINDS: readonly Option[] = [
  { label: 'agent', value: 'agent' },
  { label: 'edge agent', value: 'edge-agent' },
];

const LEADS: Readonly<Record<AddableKind, string>> = {
  agent:
    'The server dials the agent: its port (9001) must be open to the server, and the agent must run already.',
  'edge-agent':
    'The agent dials the server at this URL, also through NAT and proxies; its host opens no port. The next screen shows the command that starts it.',
};

const kindIn = ({ kind }: FormValues): AddableKind =>
  ADDABLE_KINDS.find((one) => one === kind) ?? 'agent';

/** A URL for each kind, so that changing one's mind loses nothing. */
const urlOf = (kind: AddableKind, text: string): Field => ({
  ...textField(`${kind}-url`, 'URL', text),
  onlyWith: ['kind', kind],
});

/** An empty form; an edge agent's URL is the one by which this console reaches the server, until corrected. */
export function newEnvironmentForm(serverUrl: string): FilledForm {
  return {
    title: 'add environment',
    submitLabel: 'add it',
    lead: (values) => LEADS[kindIn(values)],
    warning: (values) =>
      kindIn(values) === 'edge-agent' && isLoopback((values['edge-agent-url'] ?? '').trim())
        ? "Agents on other hosts can't reach this address: it means their own machine."
        : undefined,
    waiting: (values) =>
      kindIn(values) === 'agent'
        ? 'The server asks the agent for a sign of life … esc gives up waiting.'
        : 'Asking the server … esc gives up waiting.',
    isSentAtOnce: true,
    stop: 'stop-adding',
    fields: [
      textField('name', 'name'),
      choiceField('kind', 'kind', KINDS),
      urlOf('agent', 'tcp://'),
      urlOf('edge-agent', serverUrl),
    ],
    read: readDraft,
  };
}

function readDraft(values: FormValues): FormDeed | FormMisread {
  const name = (values['name'] ?? '').trim();
  if (name === '') return { field: 'name', sentence: "Give it a name, such as the host's." };
  const kind = kindIn(values);
  const typed = (values[`${kind}-url`] ?? '').trim();
  const url = kind === 'agent' ? agentUrl(typed) : edgeUrl(typed);
  if (url !== undefined) return { kind: 'add-environment', draft: { name, kind, url } };
  return { field: `${kind}-url`, sentence: WRONG_URL[kind] };
}

const WRONG_URL: Readonly<Record<AddableKind, string>> = {
  agent: "An agent's address looks like tcp://10.0.0.7:9001.",
  'edge-agent':
    'An edge agent needs the URL by which it reaches this server: https://fleet.example:9443.',
};

const AGENT_URL =
  /^(?:(?:tcp|https):\/\/)?(?<place>(?:\[[0-9a-f:.%]+\]|[^\s:/@[\]]+)(?::\d{1,5})?)\/?$/iu;
const AGENT_PORT = 9001;

function agentUrl(typed: string): string | undefined {
  const place = AGENT_URL.exec(typed)?.groups?.place;
  if (place === undefined) return undefined;
  const hasPort = /:\d+$/.test(place.replace(/^\[.*\]/u, ''));
  return `tcp://${place}${hasPort ? '' : `:${AGENT_PORT}`}`;
}

function edgeUrl(typed: string): string | undefined {
  const isUrl = /^https?:\/\/[^\s/]/u.test(typed) && URL.canParse(typed);
  return isUrl ? typed.replace(/\/+$/u, '') : undefined;
}

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/u;

/** Whether a URL means the machine itself, wherever it is read: agents on other hosts won't get far with it. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/** What is shown once the server has answered for an edge agent. */
export function addedScreen(draft: EnvironmentDraft, added: AddedEnvironment): AddedScreen {
  return {
    kind: 'environment-added',
    name: draft.name,
    url: draft.url,
    environmentId: added.environmentId,
    edgeKey: added.edgeKey ?? '',
    edgeId: added.edgeId ?? '',
    isOwnCertificate: added.isOwnCertificate,
    way: 'docker',
    isCopied: false,
    top: 0,
  };
}

/** The screen with the next (1) or previous (-1) way to start an agent. */
export function withNextWay(screen: AddedScreen, by: 1 | -1): AddedScreen {
  const at = START_WAYS.indexOf(screen.way) + by + START_WAYS.length;
  return { ...screen, way: START_WAYS[at % START_WAYS.length] ?? 'docker', top: 0 };
}
