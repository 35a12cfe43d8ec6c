/** The small fleet after a few minutes in which things happened to it. */
import type { EngineMemory } from '../../src/tui/model/engine-memory.ts';
import { rememberedEvents } from '../../src/tui/model/engine-memory.ts';
import { container, environment, NOW, type Pilot } from './sample-fleet.ts';
import { troubled } from './sample-problems.ts';

const SECOND = 1_000;

/** Web-7 recovers, an environment goes silent, web-1 is restarted from here, a container comes and goes. */
export function eventful(pilot: Pilot): Pilot {
  const web7 = container(1, 'web-7', { health: 'healthy', startedAtMs: NOW });
  const later = (ms: number) => {
    pilot.nowMs += ms;
    return pilot;
  };
  pilot.live(troubled());
  later(3 * SECOND).change({ kind: 'container', container: { ...web7, restartsSeen: 3 } });
  const reason = 'The agent at tcp://10.0.0.3:9001 does not answer: check that it runs.';
  later(40 * SECOND).change({
    kind: 'environment',
    environment: environment(3, 'us-1', { connection: 'down', reason }),
  });
  const job = container(2, 'import-job', { startedAtMs: pilot.nowMs });
  later(2 * SECOND).change({ kind: 'container', container: job });
  const ended = { ...job, state: 'exited', exitCode: 137, startedAtMs: null } as const;
  later(9 * SECOND).change({ kind: 'container', container: ended });
  later(5 * SECOND).change({ kind: 'container-gone', environmentId: 2, id: job.id });
  return later(SECOND);
}

/** Web-1 of eu-2 restarted from here, and done. */
export function restarted(pilot: Pilot): Pilot {
  pilot.press('/').type('host:eu-2 web-1').press('enter', 'ctrl-r');
  pilot.nowMs += SECOND;
  pilot.press('y').wait(6 * SECOND);
  const [effect] = pilot.effects.filter(({ kind }) => kind === 'run-operations');
  if (effect?.kind !== 'run-operations') throw new Error('nothing was sent');
  const operationId = effect.planned[0]?.operation.operationId ?? '';
  pilot.nowMs += 3 * SECOND;
  pilot.send({ kind: 'operation-ended', operationId, outcome: 'done', atMs: pilot.nowMs });
  return pilot.press('esc');
}

/** What an engine remembers of web-7 of eu-1. */
export function webMemory(): readonly EngineMemory[] {
  const { id: containerId } = container(1, 'web-7');
  const event = (agoS: number, action: string, attributes: EngineMemory['attributes'] = {}) => ({
    ...{ containerId, action, atMs: NOW - agoS * SECOND },
    attributes: { name: 'web-7', ...attributes },
  });
  return [
    event(172_800, 'create'),
    event(172_799, 'start'),
    event(3_000, 'health_status: healthy'),
    event(2_990, 'exec_create: curl'),
    event(2_000, 'health_status: healthy'),
    event(1_000, 'health_status: healthy'),
    event(400, 'kill', { signal: '15' }),
    event(398, 'die', { exitCode: '143' }),
    event(397, 'start'),
    event(240, 'health_status: unhealthy'),
  ];
}

/** Tells the history on top what its engine remembers. */
export function tellMemory(pilot: Pilot, memory = webMemory()): Pilot {
  const effect = pilot.effects.find(({ kind }) => kind === 'fetch-history');
  if (effect?.kind !== 'fetch-history') throw new Error('nobody asked for a history');
  const events = rememberedEvents(effect.environmentId, memory, () => undefined);
  const { requestId } = effect;
  return pilot.send({
    ...{ kind: 'history-told', requestId, part: 'engine', answer: { events } },
    atMs: pilot.nowMs,
  });
}
