/** What people type as the address of a server or an agent. */
import { describe, expect, it } from 'vitest';
import { parseFingerprint } from '../../src/client/accepted-fingerprint.ts';
import { agentPlace, parseAgentAddress } from '../../src/client/agent-address.ts';
import { parseServerAddress } from '../../src/client/server-address.ts';

describe('the address of a server', () => {
  it.each([
    ['jump', 'https://jump:9443', 9443],
    ['jump:8443', 'https://jump:8443', 8443],
    [' https://Jump.Example:9443/ ', 'https://jump.example:9443', 9443],
    ['https://jump', 'https://jump', 443],
    ['http://jump', 'http://jump', 80],
    ['http://10.0.0.7:9000', 'http://10.0.0.7:9000', 9000],
    ['[::1]:9443', 'https://[::1]:9443', 9443],
    ['https://proxy/fleet/', 'https://proxy/fleet', 443],
  ])('%s means %s', (text, url, port) => {
    expect(parseServerAddress(text)).toMatchObject({ url, port });
  });

  it('keeps brackets out of the host and in sentences', () => {
    const address = parseServerAddress('https://[::1]:9443');
    expect(address).toMatchObject({ host: '::1', where: '[::1]:9443', isTls: true });
  });

  it.each(['', '  ', 'ftp://jump', 'unix:///x', 'https://', 'jump:99999', 'a b'])(
    'is refused: "%s"',
    (text) => {
      expect(() => parseServerAddress(text)).toThrow(/is not the address of a server/);
    },
  );

  it('never carries a password', () => {
    const parse = () => parseServerAddress('https://admin:hunter2@jump:9443');
    expect(parse).toThrow(/must not contain a password/);
    expect(parse).not.toThrow(/hunter2/);
  });
});

describe('the address of an agent', () => {
  it.each([
    ['10.0.0.7', '10.0.0.7:9001'],
    ['node-1:9002', 'node-1:9002'],
    ['tcp://node-1:9001', 'node-1:9001'],
    ['[fd00::7]:9001', '[fd00::7]:9001'],
  ])('%s means %s', (text, place) => {
    expect(agentPlace(parseAgentAddress(text))).toBe(place);
  });

  it.each(['', 'a:0', 'a:70000', 'http://a', 'user@a', 'a b', 'a/b'])(
    'is refused: "%s"',
    (text) => {
      expect(() => parseAgentAddress(text)).toThrow(/is not the address of an agent/);
    },
  );
});

describe('a fingerprint that a person pastes', () => {
  const plain = 'ab'.repeat(32);
  const shown = Array.from({ length: 32 }, () => 'AB').join(':');
  it.each([
    plain,
    shown,
    ` ${shown.toLowerCase()} `,
    `sha256 Fingerprint=${shown}`,
    `SHA256:${plain}`,
  ])('%s', (text) => {
    expect(parseFingerprint(text)).toBe(shown);
  });

  it.each(['', 'yes', plain.slice(2), `${plain}ab`, shown.replace('A', 'G')])(
    'is refused: %s',
    (text) => {
      expect(() => parseFingerprint(text)).toThrow(/32 pairs of hex digits/);
    },
  );
});
