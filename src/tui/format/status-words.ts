/** A container's status and ports in the words of docker ps: "Up 3 minutes (healthy)", "Exited (137) 2 hours ago". */
import type { Container, PublishedPort } from '../../protocol/container.ts';

const STEPS: readonly (readonly [name: string, seconds: number])[] = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3_600],
  ['day', 86_400],
  ['week', 604_800],
  ['month', 2_592_000],
  ['year', 31_536_000],
];

/** In the largest unit of which there are two or more, as Docker does: 90 minutes, then 2 hours. */
export function durationWords(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < 1) return 'Less than a second';
  const [name, size] = STEPS.findLast(([, unit]) => seconds >= 2 * unit) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** At the moment `nowMs`, by the clock that the container's times come from. */
export function statusWords(container: Container, nowMs: number): string {
  const { state, health, exitCode, startedAtMs, finishedAtMs } = container;
  const up = `Up ${durationWords(nowMs - (startedAtMs ?? nowMs))}`;
  const ended = `(${exitCode ?? 0}) ${durationWords(nowMs - (finishedAtMs ?? container.createdAtMs))} ago`;
  switch (state) {
    case 'running':
      if (health === 'none') return up;
      return `${up} (${health === 'starting' ? 'health: starting' : health})`;
    case 'paused':
      return `${up} (Paused)`;
    case 'restarting':
      return `Restarting ${ended}`;
    case 'exited':
      return `Exited ${ended}`;
    case 'created':
      return 'Created';
    case 'removing':
      return 'Removal In Progress';
    case 'dead':
      return 'Dead';
  }
}

/** As docker ps prints it: 0.0.0.0:80->8080/tcp, 443/tcp. */
export function publishedPort(port: PublishedPort): string {
  const inside = `${port.privatePort}/${port.protocol}`;
  if (port.publicPort === null) return inside;
  const address = port.address?.includes(':') ? `[${port.address}]` : (port.address ?? '');
  return `${address}:${port.publicPort}->${inside}`;
}
