/** The real docker command behind passThrough/passUpgrade: it must not notice that anything stands in between. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineRoute } from '../../src/docker/route.ts';
import { socketRoute } from '../../src/docker/socket-route.ts';
import { type EngineVersion, startEngine, type TestEngine } from '../support/engine.ts';
import { type Front, startFront } from '../support/front.ts';
import { type CommandOptions, runCommand } from '../support/run-command.ts';

describe.each<EngineVersion>(['old', 'new'])(
  'docker through the front of an %s engine',
  (version) => {
    let engine: TestEngine;
    let route: EngineRoute;
    let front: Front;
    let folder: string;

    const docker = (args: string[], options: CommandOptions = {}) => {
      const env = { DOCKER_HOST: `tcp://127.0.0.1:${front.port}`, DOCKER_CONFIG: folder };
      return runCommand('docker', args, { ...options, env: { ...env, ...options.env } });
    };

    beforeAll(async () => {
      engine = await startEngine({ version, name: 'pass' });
      route = socketRoute(engine.socketPath);
      front = await startFront(route);
      folder = await mkdtemp(join(tmpdir(), 'pass-'));
      await engine.docker('run', '-d', '--name', 'box', 'busybox', 'sleep', '600');
    });
    afterAll(async () => {
      await front[Symbol.asyncDispose]();
      await route[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    test('exec -i sees the end of its input and its output after that', async () => {
      const counted = await docker(['exec', '-i', 'box', 'sh', '-c', 'wc -c; echo done'], {
        input: 'x'.repeat(300_000),
      });
      expect(counted).toEqual({ code: 0, stdout: '300000\ndone\n', stderr: '' });
    });

    test('run -i, separate stderr and exit codes', async () => {
      const ran = await docker(
        ['run', '--rm', '-i', 'busybox', 'sh', '-c', 'cat; echo bad >&2; exit 7'],
        { input: 'hello\n' },
      );
      expect(ran).toEqual({ code: 7, stdout: 'hello\n', stderr: 'bad\n' });
      const failed = await docker(['exec', 'nosuch', 'true']);
      const direct = await engine.docker('exec', 'nosuch', 'true').catch(String);
      expect(failed.code).toBe(1);
      expect(direct).toContain(failed.stderr.trim());
    });

    test('logs -f ends with the container and shows every line', async () => {
      await engine.docker(
        'run',
        '-d',
        '--name',
        'talker',
        'busybox',
        'sh',
        '-c',
        'seq 1 2000; sleep 1; echo end',
      );
      const followed = await docker(['logs', '-f', 'talker']);
      expect(followed.stdout.split('\n').slice(-3)).toEqual(['2000', 'end', '']);
      expect(followed.stdout.length).toBe(8_893 + 4);
    });

    test('cp both ways keeps the bytes', async () => {
      const bytes = Buffer.alloc(3_000_000, 'docker cp ');
      await writeFile(join(folder, 'in'), bytes);
      expect((await docker(['cp', join(folder, 'in'), 'box:/tmp/in'])).code).toBe(0);
      expect((await docker(['cp', 'box:/tmp/in', join(folder, 'out')])).code).toBe(0);
      expect((await readFile(join(folder, 'out'))).equals(bytes)).toBe(true);
    });

    test.each(['0', '1'])('build FROM scratch with DOCKER_BUILDKIT=%s', async (kit) => {
      await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY in /in\n');
      await writeFile(join(folder, 'in'), 'content');
      const built = await docker(['build', '-q', '-t', `made${kit}`, folder], {
        env: { DOCKER_BUILDKIT: kit },
      });
      expect(built.stderr.replace(/DEPRECATED[\s\S]*variable\.\s*/, '')).toBe('');
      expect(built.code).toBe(0);
      expect(
        await engine.docker('image', 'inspect', '-f', '{{len .RootFS.Layers}}', `made${kit}`),
      ).toBe('1');
    });

    test('attach shows output and passes input on', async () => {
      await engine.docker(
        'run',
        '-di',
        '--name',
        'echoer',
        'busybox',
        'sh',
        '-c',
        'read a; echo got $a; exit 4',
      );
      const attached = await docker(['attach', 'echoer'], { input: 'word\n', isInputOpen: true });
      expect(attached).toEqual({ code: 4, stdout: 'got word\n', stderr: '' });
    });

    test('events arrive as they happen, and a client that leaves is gone upstream too', async () => {
      const watched = await docker(['events', '--filter', 'container=quick'], {
        onStart: () =>
          void engine.docker('run', '--rm', '--name', 'quick', 'busybox', 'sleep', '0.5'),
        onOutput: (text, child) => void (text.includes('destroy') && child.kill()),
      });
      expect(watched.stdout).toMatch(/start[\s\S]*die[\s\S]*destroy/);
      await expect.poll(() => front.open).toBe(0);
    });

    test('no exchange has failed', () => {
      expect(front.faults).toEqual([]);
    });
  },
);
