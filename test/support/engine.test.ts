/** The rig gives real, distinct engines that stop, start and go away without a trace. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startEngine } from './engine.ts';

for (const version of ['old', 'new', 'podman'] as const) {
  test(`an engine '${version}' runs a container, stops, starts and leaves nothing`, async () => {
    let folder = '';
    {
      await using engine = await startEngine({ version, name: 'self' });
      folder = `/run/rig/${engine.name}`;
      expect(engine.address).toMatch(/^10\.\d+\.\d+\.\d+$/);
      await engine.docker('run', '-d', '--name', 'app', 'rig/app:v1');
      expect(await engine.docker('exec', 'app', 'cat', '/www/index.html')).toBe('v1');
      await engine.stop();
      await expect(engine.docker('ps')).rejects.toThrow(/docker daemon/i);
      await engine.start();
      expect(await engine.docker('ps', '-a', '--format', '{{.Names}}')).toBe('app');
    }
    expect(existsSync(folder)).toBe(false);
  });
}
