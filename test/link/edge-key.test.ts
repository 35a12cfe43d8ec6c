import { expect, test } from 'vitest';
import { formatEdgeKey, parseEdgeKey } from '../../src/link/edge-key.ts';

const key = {
  url: 'https://portainer.example.com:9443',
  tunnelAddress: 'portainer.example.com:8000',
  fingerprint: 'm2P8uDi4Lg6V6TTEqm6jPoSSqk2WpuPNhP6SW4jr9bI=',
  environmentId: 7,
};
const text =
  'aHR0cHM6Ly9wb3J0YWluZXIuZXhhbXBsZS5jb206OTQ0M3xwb3J0YWluZXIuZXhhbXBsZS5jb206ODAwMHxtMlA4dURpNExnNlY2VFRFcW02alBvU1NxazJXcHVQTmhQNlNXNGpyOWJJPXw3';

test('speaks the form that Portainer writes', () => {
  expect(formatEdgeKey(key)).toBe(text);
  expect(parseEdgeKey(` ${text}\n`)).toEqual(key);
});

const encoded = (fields: string) => Buffer.from(fields).toString('base64');

test.each([
  ['not base64 at all!', 'is not base64'],
  [encoded('https://a|b:1|x'), 'has 3 of its 4 fields'],
  [encoded('ftp://a|b:1||7'), 'holds no server address'],
  [encoded('https://a|b:1|short|7'), 'holds a malformed fingerprint'],
  [encoded('https://a|b:1||seven'), 'holds no environment id'],
])('%s is refused in words', (bad, why) => {
  expect(() => parseEdgeKey(bad)).toThrow(`EDGE_KEY ${why}`);
  expect(() => parseEdgeKey(bad)).not.toThrow(bad);
});
