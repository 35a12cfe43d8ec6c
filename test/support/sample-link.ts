/** What a server may say of a link, and the answer for a new edge agent, around the moment of the sample fleet. */
import type { LinkStatus } from '../../src/protocol/link-api.ts';
import type { AddedEnvironment } from '../../src/protocol/new-environment.ts';
import { NOW } from './sample-fleet.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Of a linked edge agent with a past, `rest` put over it. */
export function linkStatus(rest: Partial<LinkStatus> = {}): LinkStatus {
  return {
    environmentId: 5,
    name: 'edge-shop-042',
    trust: 'link',
    isEdge: true,
    state: 'up',
    sinceMs: NOW - 3 * HOUR,
    agentFingerprint: 'q7m3Wk0oYc5x0m2y6X9n1fZpL8dE4rT7uV2bH5jK3gA=',
    serverFingerprint: 'Zt1yR8vB4nK6wQ2sD9fG3hJ7lP5xC0aE8uM1iO4rT6Y=',
    agentProduct: 'fleet-agent 0.1.0',
    peerAddress: '198.51.100.23',
    roundTripMs: 38.4,
    clockOffsetMs: -740,
    joinExpiresAtMs: null,
    rotatedAtMs: NOW - 12 * DAY,
    ends: [
      { atMs: NOW - 2 * DAY, upMs: 9 * DAY, side: 'server', sentence: 'The server was stopped.' },
      {
        atMs: NOW - 4 * HOUR,
        upMs: 0,
        side: 'agent',
        sentence:
          'https://jump:9443 answers 502: a proxy is up, the server behind it is not (or is just starting).',
      },
      {
        atMs: NOW - 3 * HOUR,
        upMs: 44 * HOUR,
        side: 'server',
        sentence: 'The peer has been silent for 41 s.',
      },
    ],
    waiting: [],
    refused: [
      {
        atMs: NOW - 20 * MINUTE,
        address: '203.0.113.9',
        code: 'forbidden',
        sentence: 'Environment edge-shop-042 is held by another machine.',
      },
    ],
    ...rest,
  };
}

export const SECRET_ID = '7e9c4a52-0d3f-4b61-9a57-2f8d6c1e0b34';
export const SECRET_KEY =
  'aHR0cHM6Ly9qdW1wOjk0NDN8anVtcDo4MDAwfFp0MXlSOHZCNG5LNndRMnNEOWZHM2hKN2xQNXhDMGFFOHVNMWlPNHJUNlk9fDY';

/** What the server answers for an edge agent; its secrets are SECRET_ID and SECRET_KEY. */
export const ADDED_EDGE: AddedEnvironment = {
  environmentId: 6,
  edgeKey: SECRET_KEY,
  edgeId: SECRET_ID,
  isOwnCertificate: true,
};

/** Of an environment that waits for its first agent. */
export const NEVER_LINKED = {
  state: 'waiting',
  agentFingerprint: null,
  agentProduct: null,
  peerAddress: null,
  roundTripMs: null,
  clockOffsetMs: null,
  rotatedAtMs: null,
  joinExpiresAtMs: NOW + 6 * 86_400_000 + 1_000,
  ends: [],
  refused: [],
} as const;

/** The same, with an agent that waits for a word. */
export const STRANGER = {
  ...NEVER_LINKED,
  waiting: [
    {
      fingerprint: 'q7m3Wk0oYc5x0m2y6X9n1fZpL8dE4rT7uV2bH5jK3gA=',
      address: '203.0.113.9',
      product: 'fleet-agent 0.1.0',
      sinceMs: NOW - 120_000,
      lastAtMs: NOW - 14_000,
    },
  ],
};
