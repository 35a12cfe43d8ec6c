/** Logs of real containers: both stream kinds, tails, and a follow that lives through a restart. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerodeEngine } from '../../src/docker/dockerode-engine.ts';
import type { Engine, LogRequest } from '../../src/docker/engine.ts';
import type { EngineRoute } from '../../src/docker/route.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import type { LogLine } from '../../src/protocol/log-line.ts';
import { type EngineVersion, startEngine, type TestEngine } from '../support/engine.ts';

async function collect(batches: AsyncIterable<readonly LogLine[]>): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const batch of batches) lines.push(...batch);
  return lines;
}

describe.each<EngineVersion>(['old', 'new', 'podman'])('logs of an %s engine', (version) => {
  let real: TestEngine;
  let route: EngineRoute;
  let engine: Engine;
  const { signal } = new AbortController();

  beforeAll(async () => {
    real = await startEngine({ version, name: 'logs' });
    route = socketRoute(real.socketPath);
    engine = dockerodeEngine(route);
  });
  afterAll(async () => {
    await route[Symbol.asyncDispose]();
    await real[Symbol.asyncDispose]();
  });

  const run = async (script: string, ...flags: string[]) =>
    await real.docker('run', ...flags, 'busybox', 'sh', '-c', script);
  const read = async (id: string, request: LogRequest): Promise<LogLine[]> =>
    await collect(engine.logs(id, request, signal));

  test('stdout and stderr apart, with times, from the end or from a time', async () => {
    await run('echo one; echo two >&2; sleep 1.2; echo three', '--name', 'both');
    const lines = await read('both', { follow: false });
    expect(lines.map((line) => `${line.stream} ${line.text}`).sort()).toEqual([
      'stderr two',
      'stdout one',
      'stdout three',
    ]);
    expect(Math.abs((lines[0]?.atMs ?? 0) - Date.now())).toBeLessThan(20_000);
    const last = await read('both', { follow: false, tail: 1 });
    expect(last.map((line) => line.text)).toEqual(['three']);
    const sinceMs = lines.find((line) => line.text === 'three')?.atMs ?? 0;
    const since = await read('both', { follow: false, sinceMs });
    expect(since.map((line) => line.text)).toEqual(['three']);
  });

  test('a terminal: raw bytes without frames', async () => {
    await run('echo "grüße ✓"; stty size', '-d', '-t', '--name', 'tty');
    await real.docker('wait', 'tty');
    const [first] = await read('tty', { follow: false });
    expect(first).toMatchObject({ stream: 'stdout', text: 'grüße ✓' });
  });

  test('one long line comes whole', async () => {
    await run('head -c 100000 /dev/zero | tr "\\0" x; echo; echo after', '--name', 'long');
    const lines = await read('long', { follow: false });
    expect(lines.map((line) => line.text.length)).toEqual([100_000, 5]);
  });

  test('a follow goes on after a restart without a gap or a repetition, and ends with the container', async () => {
    const script = 'trap exit TERM; echo x >> /n; echo run $(wc -l < /n); sleep 600 & wait';
    await run(script, '-d', '--name', 'again');
    const texts: string[] = [];
    const following = (async () => {
      for await (const batch of engine.logs('again', { follow: true, tail: 5 }, signal)) {
        texts.push(...batch.map((line) => line.text));
      }
    })();
    await expect.poll(() => texts.length).toBe(1);
    await engine.act('again', 'restart', {}, signal);
    await expect.poll(() => texts.length, { timeout: 5_000 }).toBe(2);
    await engine.act('again', 'kill', {}, signal);
    await engine.act('again', 'start', {}, signal);
    await expect.poll(() => texts.length, { timeout: 5_000 }).toBe(3);
    await engine.act('again', 'remove', { force: true }, signal);
    await following;
    expect(texts).toEqual(['run 1', 'run 2', 'run 3']);
  }, 60_000);

  test('a log of nobody and a cancelled follow are told apart', async () => {
    await expect(read('nobody', { follow: true })).rejects.toMatchObject({ code: 'not-found' });
    await run('sleep 600', '-d', '--name', 'quiet');
    const stop = new AbortController();
    const reading = collect(engine.logs('quiet', { follow: true }, stop.signal));
    setTimeout(() => stop.abort(), 100);
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });
});
