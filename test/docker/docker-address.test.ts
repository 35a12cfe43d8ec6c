/** The addresses people write, and what is refused without repeating a password. */
import { expect, test } from 'vitest';
import { formatDockerAddress, parseDockerAddress } from '../../src/docker/docker-address.ts';

test.each([
  ['unix:///var/run/docker.sock', { kind: 'socket', path: '/var/run/docker.sock' }],
  ['/run/x.sock', { kind: 'socket', path: '/run/x.sock' }],
  ['tcp://10.0.0.7:2376', { kind: 'tcp', host: '10.0.0.7', port: 2376 }],
  ['tcp://docker', { kind: 'tcp', host: 'docker', port: 2375 }],
  ['10.0.0.7:9001', { kind: 'tcp', host: '10.0.0.7', port: 9001 }],
  ['tcp://[fd00::1]:2375/', { kind: 'tcp', host: 'fd00::1', port: 2375 }],
])('%s', (text, address) => {
  const parsed = parseDockerAddress(text);
  expect(parsed).toEqual(address);
  expect(parseDockerAddress(formatDockerAddress(parsed))).toEqual(parsed);
});

test.each(['', 'ssh://host', 'unix://relative', 'tcp://a:99999', 'tcp://a:b', 'tcp://u:pw@h:1'])(
  '"%s" is refused with a sentence',
  (text) => {
    expect(() => parseDockerAddress(text)).toThrow(/is not a Docker address: /);
    expect(() => parseDockerAddress(text)).not.toThrow(/pw/);
  },
);
