/** What an agent needs of its own machine: an engine, room on the disk, compose; and in direct mode an open door. */
import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { request } from 'node:https';
import { callRoute } from '../../docker/route-call.ts';
import { dialFault } from '../../protocol/dial-fault.ts';
import { Fault } from '../../protocol/fault.ts';
import { chooseEngine } from '../engine-choice.ts';
import type { AgentSettings } from '../settings.ts';
import type { Finding } from './examination.ts';

const ENGINE_MS = 5_000;
const DOOR_MS = 5_000;
const COMPOSE_MS = 10_000;
const LITTLE_BYTES = 256 << 20;
const TOO_LITTLE_BYTES = 16 << 20;

/** Whether an engine answers, and which. */
export async function engineStep(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Finding> {
  await using route = await chooseEngine(env);
  const answer = await callRoute(route, { path: '/version', deadlineMs: ENGINE_MS, signal });
  if (answer.status !== 200) {
    throw new Fault('bad-peer', `${route.address} answers with status ${answer.status}.`);
  }
  const { Version: version, ApiVersion: api } = JSON.parse(answer.body.toString()) as {
    readonly Version?: unknown;
    readonly ApiVersion?: unknown;
  };
  const sentence = `${route.address} answers: version ${version}, API ${api}.`;
  return { sentence, value: undefined };
}

/** Room where the agent keeps its keys and journals; uploads pass through there too. */
export async function diskStep(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder).catch((cause) => {
    throw new Fault('bad-settings', `${folder} can't be looked at: has the agent run here?`, {
      cause,
    });
  });
  const free = bavail * bsize;
  const words = `${Math.round(free / (1 << 20)).toLocaleString('en')} MiB free in ${folder}`;
  if (free < TOO_LITTLE_BYTES) throw new Fault('internal', `Only ${words}: make room.`);
  const isWarning = free < LITTLE_BYTES;
  return { sentence: isWarning ? `Only ${words}.` : `${words}.`, isWarning, value: undefined };
}

/** Whether `docker compose` is there, for stacks. */
export function composeStep(): Promise<Finding> {
  return new Promise((resolve) => {
    const options = { timeout: COMPOSE_MS, maxBuffer: 1 << 16 };
    execFile('docker', ['compose', 'version', '--short'], options, (error, stdout) => {
      const sentence = error
        ? 'No "docker compose" beside the agent: it can serve containers, and deploy no stacks.'
        : `docker compose ${stdout.trim().slice(0, 40)}.`;
      resolve({ sentence, isWarning: error !== null, value: undefined });
    });
  });
}

/** Whether the running agent answers on its own port. */
export function doorStep({ host, port }: AgentSettings): Promise<Finding> {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return new Promise((resolve, reject) => {
    const options = { host: address, port, path: '/ping', rejectUnauthorized: false };
    const outgoing = request({ ...options, agent: false, timeout: DOOR_MS }, (response) => {
      const isAgent = response.headers['portainer-agent'] !== undefined;
      response.resume();
      outgoing.destroy();
      if (!isAgent) reject(new Fault('bad-peer', `Another program listens on port ${port}.`));
      else resolve({ sentence: `The agent answers on port ${port}.`, value: undefined });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Fault('timeout', 'The agent is silent.')));
    outgoing.on('error', (error) => reject(dialFault(error, `${address} port ${port}`)));
    outgoing.end();
  });
}
