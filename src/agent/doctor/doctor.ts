/** fleet-agent doctor: goes the whole way that the agent goes, step by step, changes nothing, and says what is wrong. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LinkEndNote } from '../../protocol/link-api.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import { type AgentIdentity, LINK_KEY_FILE, openAgentIdentity } from '../link/identity.ts';
import { LinkRecordFile } from '../link/link-record.ts';
import { edgeTrust } from '../link/server-trust.ts';
import { openLog } from '../log.ts';
import { openPairing } from '../pairing.ts';
import { type AgentSettings, type EdgeSettings, readSettings } from '../settings.ts';
import { Examination, type Finding, type StepResult } from './examination.ts';
import { examineLink, skipLink } from './link-steps.ts';
import { composeStep, diskStep, doorStep, engineStep } from './machine-steps.ts';
import { examineWay, span, wayTo } from './network-steps.ts';

export interface DoctorReport {
  readonly product: string;
  readonly atMs: number;
  readonly mode: 'edge' | 'direct' | 'unknown';
  readonly isHealthy: boolean;
  readonly steps: readonly StepResult[];
  /** The last ten links and attempts of the agent, oldest first. */
  readonly ends: readonly LinkEndNote[];
}

export interface DoctorOptions {
  readonly env: NodeJS.ProcessEnv;
  nameOf(variable: string): string;
}

/** Never rejects: whatever goes wrong is a step that failed. */
export async function examine(options: DoctorOptions): Promise<DoctorReport> {
  const exam = new Examination();
  const settings = await exam.step('settings', () => settingsStep(options));
  const ends = settings ? await examineAgent(exam, settings) : [];
  await exam.step('docker', async (signal) => await engineStep(options.env, signal));
  if (settings) await exam.step('disk', async () => await diskStep(settings.dataFolder));
  await exam.step('compose', composeStep);
  const mode = settings ? (settings.edge ? 'edge' : 'direct') : 'unknown';
  return {
    product: `fleet-agent ${PRODUCT_VERSION}`,
    atMs: Date.now(),
    mode,
    isHealthy: !exam.hasFailed,
    steps: exam.results,
    ends,
  };
}

function settingsStep({ env, nameOf }: DoctorOptions): Finding<AgentSettings> {
  const settings = readSettings(env, nameOf);
  const { edge, dataFolder, port } = settings;
  const sentence = edge
    ? `Edge mode: environment ${edge.key.environmentId} of ${edge.key.url}, data in ${dataFolder}.`
    : `Direct mode: port ${port}, data in ${dataFolder}.`;
  return { sentence, value: settings };
}

async function examineAgent(
  exam: Examination,
  settings: AgentSettings,
): Promise<readonly LinkEndNote[]> {
  const { dataFolder, edge } = settings;
  const identity = await exam.step('own key', async () => await identityStep(dataFolder));
  const file = await exam.step('memory', () => memoryStep(dataFolder));
  if (!file) return [];
  if (edge) await examineEdge(exam, edge, { identity, file });
  else {
    await exam.step('door', async () => await doorStep(settings));
    await exam.step('owner', () => ownerStep(settings));
  }
  return file.record.ends;
}

async function identityStep(dataFolder: string): Promise<Finding<AgentIdentity | undefined>> {
  if (!existsSync(join(dataFolder, LINK_KEY_FILE))) {
    const sentence = `No key in ${dataFolder} yet: the agent makes one at its first start.`;
    return { sentence, isWarning: true, value: undefined };
  }
  const identity = await openAgentIdentity(dataFolder);
  return { sentence: `This agent's key is ${identity.fingerprint}.`, value: identity };
}

function memoryStep(dataFolder: string): Finding<LinkRecordFile> {
  const file = new LinkRecordFile(dataFolder, { isReadOnly: true });
  const { refusal, boundAtMs } = file.record;
  const joined = boundAtMs === null ? 'Not joined yet.' : `Joined ${time(boundAtMs)}.`;
  const refused = refusal ? ` Refused ${time(refusal.atMs)}: ${refusal.sentence}` : '';
  return { sentence: `${joined}${refused}`, isWarning: refusal !== null, value: file };
}

interface EdgeParts {
  readonly identity: AgentIdentity | undefined;
  readonly file: LinkRecordFile;
}

async function examineEdge(exam: Examination, edge: EdgeSettings, parts: EdgeParts): Promise<void> {
  const { identity, file } = parts;
  const before = file.record;
  const trust = await exam.step('edge id', () => edgeIdStep(edge, file));
  const way = await exam.step('address', () => addressStep(edge));
  const isOpen = way !== undefined && (await examineWay(exam, way));
  if (!isOpen || !trust) skipLink(exam);
  else await examineLink(exam, { edge, identity, trust, record: before });
}

function edgeIdStep(edge: EdgeSettings, file: LinkRecordFile) {
  const wasBound = file.record.boundAtMs !== null;
  const trust = edgeTrust(edge, file);
  const isBound = file.record.boundAtMs !== null;
  const sentence = isBound
    ? 'The join secret was used and is needed no more.'
    : wasBound
      ? 'EDGE_ID or EDGE_KEY changed since the last start: the agent joins anew.'
      : 'The join secret is there, and was not used yet.';
  return { sentence, value: trust };
}

function addressStep({ key, verify }: EdgeSettings) {
  const way = wayTo(key.url, verify);
  const through = way.proxy ? `through the proxy ${way.proxy.host}` : 'without a proxy';
  return { sentence: `${key.url}, ${through}.`, value: way };
}

function ownerStep({ dataFolder, ...settings }: AgentSettings): Finding {
  const secret = settings.secret?.reveal();
  const log = openLog({ level: 'ERROR', mode: 'NOCOLOR', sink: { write: () => undefined } });
  const isPaired = openPairing({ dataFolder, secret, log }).isPaired();
  const owned = isPaired ? 'This agent belongs to one server.' : 'Nobody has paired yet.';
  const sentence = secret === undefined ? owned : 'Whoever knows the AGENT_SECRET is obeyed.';
  return { sentence, isWarning: !isPaired, value: undefined };
}

/** For a person: one line a step, then how the last links ended, newest first. */
export function reportText({ product, steps, ends, isHealthy }: DoctorReport): string {
  const lines = steps.map(({ step, state, durationMs, sentence }) => {
    const took = state === 'skipped' ? '' : `${durationMs} ms`;
    return `${state.padEnd(8)} ${step.padEnd(11)} ${took.padStart(8)}  ${sentence}`;
  });
  const past = [...ends].reverse().map(({ atMs, upMs, sentence }) => {
    const lived = upMs > 0 ? `ended after ${span(upMs)}:` : 'not made:';
    return `  ${time(atMs)}  ${lived} ${sentence}`;
  });
  const history = past.length > 0 ? ['', 'The last links, newest first:', ...past] : [];
  const verdict = isHealthy ? 'Nothing is wrong.' : 'See the steps that failed.';
  return `${[product, '', ...lines, ...history, '', verdict].join('\n')}\n`;
}

function time(atMs: number): string {
  return new Date(atMs).toISOString().replace('T', ' ').slice(0, 19);
}
