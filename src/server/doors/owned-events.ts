/** GET /events for accounts that reach only their own objects: line by line, those of others left out. */
import { targetOf } from '../../protocol/docker-object.ts';
import { CONTROL_TYPES } from '../../protocol/resource-control.ts';
import type { AskedEngine } from './engine-object.ts';
import { engineIdOf } from './engine-object.ts';
import type { GuardedCall } from './judged-call.ts';
import { isToldEvent, removesTarget } from './owned-answer.ts';
import type { Services } from './services.ts';

/** A line longer than this is no event, and is left out. */
const MAX_LINE = 1 << 20;

/** What the stream is passed through. */
export function ownedEvents(
  services: Services,
  { grant, access }: GuardedCall,
  engine: AskedEngine,
) {
  const { controls } = services;
  const view = { controls, grant, environmentId: access.id };
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<string> {
    const engineId = await engineIdOf(engine);
    for await (const line of linesOf(source)) {
      const event = parse(line);
      if (event === undefined) continue;
      const isTold = () => isToldEvent({ ...view, engineId }, event);
      if (!(await isTold())) {
        // It may tell of what this very account is just making.
        await controls.settled(access.id);
        if (!(await isTold())) continue;
      }
      yield `${line}\n`;
    }
  };
}

async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) rest = '';
    yield* lines;
  }
  yield rest;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** After a successful removal: nobody owns what is gone, and the next of that name is another one. */
export async function forgetRemoved(
  services: Services,
  { method, path, access }: GuardedCall,
  engine: AskedEngine,
): Promise<void> {
  const target = targetOf(path);
  if (!target || !removesTarget(method, path)) return;
  const { kind, id } = target;
  // A container's end is told by its engine, a moment after its last events.
  if (kind === 'task' || kind === 'exec' || kind === 'container') return;
  const resourceId = kind === 'volume' ? `${id}_${await engineIdOf(engine)}` : id;
  await services.controls.forget(access.id, { type: CONTROL_TYPES[kind], resourceId });
}
