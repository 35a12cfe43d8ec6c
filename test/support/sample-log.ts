/** The small fleet after the console's connection was lost once and an operation was done. */
import { eventful, restarted } from './sample-events.ts';
import type { Pilot } from './sample-fleet.ts';

/** What leads to lines of every severity in the console's own log. */
export function logged(pilot: Pilot): Pilot {
  const text = 'fleet-tui 0.1.0 began, on https://jump:9443 as admin, TERM=xterm-256color';
  pilot.send({ kind: 'log-said', severity: 'info', text, atMs: pilot.nowMs });
  const attempt = { kind: 'connecting', attempt: 1 } as const;
  pilot.send({ kind: 'connection', connection: attempt, atMs: pilot.nowMs });
  restarted(eventful(pilot));
  const reason = 'jump:9443 ended the feed: the server is shutting down.';
  const lost = { kind: 'lost', reason, retryAtMs: pilot.nowMs + 2_000 } as const;
  pilot.send({ kind: 'connection', connection: lost, atMs: pilot.nowMs });
  pilot.nowMs += 2_100;
  return pilot.send({ kind: 'connection', connection: { kind: 'live' }, atMs: pilot.nowMs });
}
