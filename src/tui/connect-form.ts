/** Asks on the plain terminal what to connect to, tries it, says in one sentence what went wrong and asks again. */
import { parseAgentAddress } from '../client/agent-address.ts';
import { agentFleet } from '../client/agent-fleet.ts';
import type { Context } from '../client/context-shape.ts';
import { saveContext } from '../client/contexts.ts';
import type { CheckedFleet } from '../client/one-engine-fleet.ts';
import { socketFleet } from '../client/socket-fleet.ts';
import { Fault } from '../protocol/fault.ts';
import { signInToServer } from './server-sign-in.ts';
import type { Prompt } from './terminal-prompt.ts';

const CHECK_DEADLINE_MS = 15_000;

async function tryOut(fleet: CheckedFleet): Promise<void> {
  try {
    await fleet.check(AbortSignal.timeout(CHECK_DEADLINE_MS));
  } finally {
    await fleet[Symbol.asyncDispose]();
  }
}

async function save(context: Context): Promise<Context> {
  await saveContext(context, { makeCurrent: true });
  return context;
}

function nameFor(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return name.slice(0, 60) || 'docker';
}

async function askAgent(prompt: Prompt): Promise<Context> {
  const { host, port } = parseAgentAddress(await prompt.ask('Agent (host:9001): '));
  const typed = await prompt.askHidden('Its AGENT_SECRET (empty if it has none): ');
  const context = { kind: 'agent' as const, name: nameFor(host), host, port };
  const complete = typed ? { ...context, secret: typed } : context;
  await tryOut(await agentFleet(complete));
  return await save(complete);
}

async function askDocker(prompt: Prompt): Promise<Context> {
  const address = await prompt.ask('Engine (unix:///… or tcp://…): ');
  await tryOut(socketFleet(address));
  return await save({ kind: 'docker', name: nameFor(address), address });
}

async function askOnce(prompt: Prompt): Promise<Context> {
  prompt.say('Connect to\n  1  a fleet-server\n  2  an agent\n  3  a Docker engine');
  const choice = (await prompt.ask('Choice [1]: ')) || '1';
  switch (choice) {
    case '1': {
      const url = await prompt.ask('Server (https://host:9443): ');
      return await signInToServer({ url, makeCurrent: true }, prompt);
    }
    case '2':
      return await askAgent(prompt);
    case '3':
      return await askDocker(prompt);
    default:
      throw new Fault('bad-settings', 'Type 1, 2 or 3.');
  }
}

/** A context that has worked once, saved and made current; Fault cancelled when the person gives up. */
export async function connectForm(prompt: Prompt): Promise<Context> {
  for (;;) {
    try {
      return await askOnce(prompt);
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'cancelled') throw error;
      prompt.say(`\n${error.message}\n`);
    }
  }
}
