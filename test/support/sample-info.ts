/** What a console tells of itself, fixed. */
import type { ConsoleFacts } from '../../src/tui/model/info-view.ts';
import type { Pilot } from './sample-fleet.ts';

export function consoleFacts(hosts = 2): ConsoleFacts {
  return {
    configPath: '/data/ops/.config/fleet-tui/config.json',
    isConfigThere: false,
    logPath: '/data/ops/.local/state/fleet-tui/console.log',
    nodeVersion: 'v20.20.2',
    processId: 4711,
    residentBytes: 84 * 1024 ** 2,
    heapBytes: 31 * 1024 ** 2,
    upMs: 3 * 3_600_000,
    terminal: {
      ...{ name: 'xterm-256color', colors: 256, isAscii: false, isSynchronized: true },
      ...{ painted: 5_120, skipped: 3 },
    },
    traffic: Array.from({ length: hosts }, (_, index) => ({
      ...{ environmentId: index + 1, streams: index === 0 ? 2 : 0, underWay: index === 0 ? 1 : 0 },
      ...{ lastMinute: index === 0 ? 14 : 0, total: index === 0 ? 90 : 7 },
    })),
    serverVersion: '0.1.0',
    agents: [1, 2].map((environmentId) => ({ environmentId, product: 'fleet-agent/0.1.0' })),
  };
}

/** Answers the question of the view on top. */
export function tellInfo(pilot: Pilot, hosts?: number): Pilot {
  const asked = pilot.effects.find(({ kind }) => kind === 'fetch-info');
  if (asked?.kind !== 'fetch-info') throw new Error('nobody asked');
  const { requestId } = asked;
  return pilot.send({
    kind: 'info-read',
    requestId,
    facts: consoleFacts(hosts),
    atMs: pilot.nowMs,
  });
}

/** The view, opened and answered. */
export function informed(pilot: Pilot, hosts?: number): Pilot {
  return tellInfo(pilot.live().press(':').type('info').press('enter'), hosts);
}
