/** Two machines with one key: told apart from an agent that comes back before its old link was given up. */
import { Fault } from '../../protocol/fault.ts';
import type { LinkedAgent } from './switchboard.ts';

/** An agent that came back has left its old link, which answers no more. */
const ANSWER_MS = 1_500;

/** The refusal of a newcomer whose key is linked already by a machine that still answers; undefined when it may take over. */
export async function rivalOf(
  name: string,
  incumbent: LinkedAgent | undefined,
  newcomer: { readonly address: string },
): Promise<Fault | undefined> {
  if (incumbent === undefined || !(await answers(incumbent))) return undefined;
  const sentence = `Two machines have one key: environment "${name}" is linked from ${incumbent.address}, and ${newcomer.address} came with the very same. One is a copy of the other: empty the copy's data folder and give it an environment of its own.`;
  return new Fault('forbidden', sentence);
}

async function answers({ link }: LinkedAgent): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ANSWER_MS);
  });
  const heard = link.ping().then(
    () => true,
    () => false,
  );
  const isAlive = await Promise.race([heard, late]);
  clearTimeout(timer);
  return isAlive;
}
