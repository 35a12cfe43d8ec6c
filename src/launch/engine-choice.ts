/**
 * Which engine the server watches: one that answers already, else one that we install or start.
 * A machine without any engine is no error: the server then starts with no environment.
 */
import { existsSync } from 'node:fs';
import { findLocalEngine } from '../docker/local-engine.ts';
import { ownEngineAddress, startOwnEngine } from './own-engine.ts';
import { findProgram, runStep } from './run-step.ts';
import type { LaunchSettings } from './settings.ts';

export interface EngineChoiceOptions {
  readonly settings: LaunchSettings;
  readonly env: NodeJS.ProcessEnv;
  /** Tells the person about a step; a whole sentence. */
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

export interface ChosenEngine {
  /** unix://… or tcp://… */
  readonly address: string;
  /** Where the address comes from, such as DOCKER_HOST. */
  readonly source: string;
}

const APT_DEADLINE_MS = 600_000;
const SERVICE_DEADLINE_MS = 60_000;
const OURS = 'started by npm start';

/** An engine that answers, after installing or starting one if need be and allowed; undefined when there is none. */
export async function chooseEngine(
  options: EngineChoiceOptions,
): Promise<ChosenEngine | undefined> {
  const { settings, env, say } = options;
  const found = await findLocalEngine(env);
  if ('address' in found) return found;
  const isNamed = Boolean(env.DOCKER_HOST || env.DOCKER_CONTEXT);
  const own = isNamed ? undefined : await findOwn(settings);
  if (own) return own;
  const tried = found.tried.map(({ source, reason }) => `  ${source}: ${reason}`);
  say(['No Docker engine answers. Tried:', ...tried].join('\n'));
  // Who named an engine wants that one, not another.
  if (isNamed || !settings.mayStartEngine) return undefined;
  return await bringUp(options);
}

async function findOwn(settings: LaunchSettings): Promise<ChosenEngine | undefined> {
  const found = await answering(ownEngineAddress(settings.engineFolder));
  return found && { ...found, source: OURS };
}

/** The engine at exactly that address, if it answers a ping. */
async function answering(address: string): Promise<ChosenEngine | undefined> {
  const found = await findLocalEngine({ DOCKER_HOST: address });
  return 'address' in found && found.address === address ? found : undefined;
}

async function bringUp(options: EngineChoiceOptions): Promise<ChosenEngine | undefined> {
  const { settings, env, say } = options;
  if (process.getuid?.() !== 0) {
    say(
      'Not running as root, so no engine can be installed or started; the console opens without one.',
    );
    return undefined;
  }
  const dockerd = (await findProgram('dockerd', env)) ?? (await installDocker(options));
  if (!dockerd) return undefined;
  const byService = await startService(options);
  if (byService) return byService;
  say(`Starting dockerd directly, with its state in ${settings.engineFolder}.`);
  await startOwnEngine(
    dockerd,
    settings.engineFolder,
    async () => (await findOwn(settings)) !== undefined,
  );
  return await findOwn(settings);
}

async function installDocker(options: EngineChoiceOptions): Promise<string | undefined> {
  const { env, say, signal } = options;
  const apt = await findProgram('apt-get', env);
  if (!apt) {
    say('There is no apt-get here to install Docker with; install an engine, or set DOCKER_HOST.');
    return undefined;
  }
  say('Installing docker.io with apt-get (a minute or two) …');
  const step = {
    signal,
    deadlineMs: APT_DEADLINE_MS,
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  await runStep([apt, '-qq', 'update'], step);
  const status = await runStep(
    [apt, '-qq', '-y', '--no-install-recommends', 'install', 'docker.io'],
    step,
  );
  if (status === 0) return await findProgram('dockerd', env);
  say('Installing docker.io failed (its words are above); the console opens without an engine.');
  return undefined;
}

/** systemd where it runs, else the distribution's init script, if it has one for docker. */
async function startService(options: EngineChoiceOptions): Promise<ChosenEngine | undefined> {
  const { env, say, signal } = options;
  const step = { signal, deadlineMs: SERVICE_DEADLINE_MS };
  const isSystemd = existsSync('/run/systemd/system');
  const manager = await findProgram(isSystemd ? 'systemctl' : 'service', env);
  if (!manager) return undefined;
  say(`Starting the docker service with ${isSystemd ? 'systemctl' : 'service'} …`);
  const status = await runStep(
    isSystemd ? [manager, 'start', 'docker'] : [manager, 'docker', 'start'],
    step,
  );
  if (status !== 0) {
    say('The service manager could not start docker.');
    return undefined;
  }
  const deadline = Date.now() + SERVICE_DEADLINE_MS / 2;
  while (Date.now() < deadline && !signal.aborted) {
    const found = await findLocalEngine(env);
    if ('address' in found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  say('The docker service was started but does not answer.');
  return undefined;
}
