/** The form for a new environment, and what is shown of the answer. What is secret lives in its screen and goes with it. */
import {
  ADDABLE_KINDS,
  type AddableKind,
  type AddedEnvironment,
  type EnvironmentDraft,
} from '../../protocol/new-environment.ts';
import type { TextLine } from './prompt.ts';

export const FORM_FIELDS = ['name', 'kind', 'url'] as const;
export type FormField = (typeof FORM_FIELDS)[number];

export interface AddScreen {
  readonly kind: 'add-environment';
  readonly focus: FormField;
  readonly name: TextLine;
  readonly environmentKind: AddableKind;
  /** One for each kind, so that changing one's mind loses nothing. */
  readonly urls: Readonly<Record<AddableKind, TextLine>>;
  /** The request that is under way. */
  readonly sending: number | undefined;
  /** What is wrong, as a sentence; what was typed stays. */
  readonly problem: string | undefined;
}

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

const lineOf = (text: string): TextLine => ({ text, at: text.length });

/** An empty form; an edge agent's URL is the one by which this console reaches the server, until corrected. */
export function emptyForm(serverUrl: string): AddScreen {
  return {
    kind: 'add-environment',
    focus: 'name',
    name: lineOf(''),
    environmentKind: 'agent',
    urls: { agent: lineOf('tcp://'), 'edge-agent': lineOf(serverUrl) },
    sending: undefined,
    problem: undefined,
  };
}

/** The text being edited; undefined on the field that is chosen and not typed. */
export function editedLine(screen: AddScreen): TextLine | undefined {
  switch (screen.focus) {
    case 'name':
      return screen.name;
    case 'url':
      return screen.urls[screen.environmentKind];
    case 'kind':
      return undefined;
  }
}

/** The form with another text in the field that has the focus; a complaint about what stood there is over. */
export function withEditedLine(screen: AddScreen, line: TextLine): AddScreen {
  const next = { ...screen, problem: undefined };
  if (screen.focus === 'name') return { ...next, name: line };
  if (screen.focus !== 'url') return screen;
  return { ...next, urls: { ...screen.urls, [screen.environmentKind]: line } };
}

/** The form with the focus on the next (1) or previous (-1) field, round and round. */
export function withNextField(screen: AddScreen, by: 1 | -1): AddScreen {
  const at = FORM_FIELDS.indexOf(screen.focus) + by + FORM_FIELDS.length;
  return { ...screen, focus: FORM_FIELDS[at % FORM_FIELDS.length] ?? 'name' };
}

/** The form with the other kind of environment. */
export function withOtherKind(screen: AddScreen): AddScreen {
  const [direct, edge] = ADDABLE_KINDS;
  const environmentKind = screen.environmentKind === direct ? edge : direct;
  return { ...screen, environmentKind, problem: undefined };
}

export interface FormProblem {
  readonly field: FormField;
  readonly sentence: string;
}

/** What the form says as a draft, or what is still missing. */
export function draftOf(screen: AddScreen): EnvironmentDraft | FormProblem {
  const name = screen.name.text.trim();
  if (name === '') return { field: 'name', sentence: "Give it a name, such as the host's." };
  const url = screen.urls[screen.environmentKind].text.trim();
  return screen.environmentKind === 'agent' ? agentDraft(name, url) : edgeDraft(name, url);
}

const AGENT_URL =
  /^(?:(?:tcp|https):\/\/)?(?<place>(?:\[[0-9a-f:.%]+\]|[^\s:/@[\]]+)(?::\d{1,5})?)\/?$/iu;
const AGENT_PORT = 9001;

function agentDraft(name: string, typed: string): EnvironmentDraft | FormProblem {
  const place = AGENT_URL.exec(typed)?.groups?.place;
  if (place === undefined) {
    return { field: 'url', sentence: "An agent's address looks like tcp://10.0.0.7:9001." };
  }
  const hasPort = /:\d+$/.test(place.replace(/^\[.*\]/u, ''));
  return { name, kind: 'agent', url: `tcp://${place}${hasPort ? '' : `:${AGENT_PORT}`}` };
}

function edgeDraft(name: string, typed: string): EnvironmentDraft | FormProblem {
  const isUrl = /^https?:\/\/[^\s/]/u.test(typed) && URL.canParse(typed);
  if (isUrl) return { name, kind: 'edge-agent', url: typed.replace(/\/+$/u, '') };
  const sentence =
    'An edge agent needs the URL by which it reaches this server: https://fleet.example:9443.';
  return { field: 'url', sentence };
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
