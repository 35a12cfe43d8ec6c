import { expect, test } from 'vitest';
import { readCommandLine } from '../../src/agent/command-line.ts';
import { readSettings, unheededSettings } from '../../src/agent/settings.ts';

function read(env: NodeJS.ProcessEnv, ...argv: string[]) {
  const line = readCommandLine(argv, env);
  return readSettings(line.env, line.nameOf);
}

test('without anything set, the defaults of Portainer’s agent', () => {
  expect(read({})).toMatchObject({
    host: '0.0.0.0',
    port: 9001,
    secret: undefined,
    pairingWindowMs: 72 * 3_600_000,
    dataFolder: '/data',
    logLevel: 'INFO',
    logMode: 'PRETTY',
  });
});

test('a flag wins over its variable; an empty variable is none', () => {
  const env = { AGENT_PORT: '9002', AGENT_SECRET: '', LOG_LEVEL: 'debug', LOG_MODE: 'JSON' };
  expect(read(env, '--port', '9003')).toMatchObject({ port: 9003, logLevel: 'DEBUG' });
  expect(read(env).secret).toBeUndefined();
  const flagged = read(env, '--secret', 's', '--secret-timeout', '1h', '--data', '/x');
  expect(flagged.secret?.reveal()).toBe('s');
  expect(flagged).toMatchObject({
    pairingWindowMs: 3_600_000,
    dataFolder: '/x',
  });
});

test.each([
  [{ AGENT_PORT: 'nine' }, 'AGENT_PORT must be a port from 0 to 65535.'],
  [{ AGENT_PORT: '65536' }, 'AGENT_PORT must be a port from 0 to 65535.'],
  [{ AGENT_HOST: 'a b' }, 'AGENT_HOST must be an IP address or a host name.'],
  [{ AGENT_SECRET_TIMEOUT: '3 days' }, /^AGENT_SECRET_TIMEOUT must be a duration/],
  [{ AGENT_SECRET_TIMEOUT: '0' }, /^AGENT_SECRET_TIMEOUT must be a duration above zero/],
  [{ LOG_LEVEL: 'LOUD' }, 'LOG_LEVEL must be ERROR, WARN, INFO, DEBUG.'],
  [{ LOG_MODE: 'XML' }, 'LOG_MODE must be PRETTY, NOCOLOR, JSON.'],
  [{ FLEET_HOST_ROOT: 'host' }, 'FLEET_HOST_ROOT must be an absolute path.'],
  [{ EDGE: 'yes' }, 'EDGE must be true or false.'],
  [{ EDGE: '1', DATA_PATH: '/nowhere' }, /^EDGE is set, but EDGE_KEY is not/],
  [{ EDGE_INSECURE_POLL: 'maybe' }, 'EDGE_INSECURE_POLL must be true or false.'],
])('%o is refused in words that name the variable', (env, words) => {
  expect(() => read(env)).toThrow(words);
});

test('a malformed flag is named as the flag', () => {
  expect(() => read({}, '--port', 'x')).toThrow(/^--port must be a port/);
});

test('unknown flags and commands are refused', () => {
  expect(() => readCommandLine(['--prot', '1'], {})).toThrow(/'--prot'.*See fleet-agent --help/);
  expect(() => readCommandLine(['repair'], {})).toThrow(/no command "repair"/);
  expect(readCommandLine(['unpair'], {}).command).toBe('unpair');
  expect(readCommandLine(['-h'], {}).command).toBe('help');
});

test('what has no effect here is said', () => {
  expect(unheededSettings({ EDGE_KEY: 'x' })).toEqual([
    'EDGE_KEY is set and has no effect without EDGE=1.',
  ]);
  expect(unheededSettings({ EDGE: '1', EDGE_KEY: 'x' })).toEqual([]);
  expect(unheededSettings({ AGENT_CLUSTER_ADDR: 'tasks.agent', EDGE_ID: '' })).toEqual([
    'AGENT_CLUSTER_ADDR is set and has no effect in this version.',
  ]);
});
