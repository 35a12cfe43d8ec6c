/** fleet-agent: reads its settings, serves until a signal, and gives everything back. */
import { passInLargePieces } from '../docker/large-pieces.ts';
import { asFault, Fault } from '../protocol/fault.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { AGENT_HELP, type AgentCommandLine, readCommandLine } from './command-line.ts';
import type { DirectAgentOptions } from './direct-agent.ts';
import { keepYoungSpaceSmall, stayFrugal } from './idle-memory.ts';
import { logWarningsOfNode, openLog } from './log.ts';
import { forgetPairing } from './pairing.ts';
import { readSettings, unheededSettings } from './settings.ts';

/** Exit status for a flag, a variable or a file that is wrong. */
const BAD_SETTINGS = 2;

/** Runs until SIGTERM or SIGINT; the exit status is 0, or 2 when a setting is wrong, or 1 when it can't start. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await run(readCommandLine(argv, process.env));
  } catch (error) {
    const fault = asFault(error, 'internal', 'fleet-agent failed.');
    const isBug = !(error instanceof Fault);
    const cause = isBug && error instanceof Error ? `\n${error.stack}` : '';
    process.stderr.write(`fleet-agent: ${fault.message}${cause}\n`);
    return fault.code === 'bad-settings' ? BAD_SETTINGS : 1;
  }
}

async function run({ command, env, nameOf, isJson }: AgentCommandLine): Promise<number> {
  switch (command) {
    case 'help':
      process.stdout.write(AGENT_HELP);
      return 0;
    case 'version':
      process.stdout.write(`fleet-agent ${PRODUCT_VERSION}\n`);
      return 0;
    case 'unpair':
      return unpair(env, nameOf);
    case 'doctor':
      return await examineAgent(env, nameOf, isJson);
    case 'run':
      return await serve(env, nameOf);
  }
}

/** Each mode loads only what it needs. */
async function openAgent(options: DirectAgentOptions): Promise<AsyncDisposable> {
  const { edge } = options.settings;
  if (edge) {
    const { openEdgeAgent } = await import('./edge-agent.ts');
    return await openEdgeAgent({ ...options, edge });
  }
  const { openDirectAgent } = await import('./direct-agent.ts');
  return await openDirectAgent(options);
}

async function examineAgent(
  env: NodeJS.ProcessEnv,
  nameOf: AgentCommandLine['nameOf'],
  isJson: boolean,
): Promise<number> {
  const { examine, reportText } = await import('./doctor/doctor.ts');
  const report = await examine({ env, nameOf });
  process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  return report.isHealthy ? 0 : 1;
}

function unpair(env: NodeJS.ProcessEnv, nameOf: AgentCommandLine['nameOf']): number {
  const { dataFolder } = readSettings(env, nameOf);
  const wasPaired = forgetPairing(dataFolder);
  const words = wasPaired
    ? 'Forgotten. The next server or console that contacts this agent will own it.'
    : `The agent with the data folder ${dataFolder} belongs to no server.`;
  process.stdout.write(`${words}\n`);
  return 0;
}

async function serve(env: NodeJS.ProcessEnv, nameOf: AgentCommandLine['nameOf']): Promise<number> {
  const settings = readSettings(env, nameOf);
  const { logLevel: level, logMode: mode } = settings;
  const log = openLog({ level, mode, sink: process.stderr });
  logWarningsOfNode(log);
  const signal = nextSignal();
  passInLargePieces();
  keepYoungSpaceSmall();
  log.info(`fleet-agent ${PRODUCT_VERSION} starts.`, { node: process.version, pid: process.pid });
  for (const sentence of unheededSettings(env)) log.warn(sentence);
  await using _memory = stayFrugal();
  await using _agent = await openAgent({ settings, env, log });
  log.info('Stopping.', { signal: await signal });
  return 0;
}

/** The second signal ends the process at once, by its default. */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const settle = (signal: NodeJS.Signals) => {
      process.off('SIGTERM', settle);
      process.off('SIGINT', settle);
      resolve(signal);
    };
    process.on('SIGTERM', settle);
    process.on('SIGINT', settle);
  });
}
