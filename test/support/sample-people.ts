/** A few users, teams and roles. */
import type { Directory } from '../../src/protocol/people.ts';
import { NOW, type Pilot, snapshot } from './sample-fleet.ts';

export const DIRECTORY: Directory = {
  users: [
    { id: 1, name: 'admin', isAdministrator: true },
    { id: 2, name: 'kim', isAdministrator: false },
    { id: 3, name: 'robin', isAdministrator: false },
    { id: 4, name: 'zoe-from-the-night-shift-of-the-second-floor', isAdministrator: false },
  ],
  teams: [
    { id: 1, name: 'helpdesk' },
    { id: 2, name: 'ops' },
  ],
  memberships: [
    { id: 1, userId: 2, teamId: 1, isLeader: true },
    { id: 2, userId: 3, teamId: 1, isLeader: false },
    { id: 3, userId: 3, teamId: 2, isLeader: false },
  ],
  access: {
    place: { of: 'environment', id: 1, name: 'eu-1' },
    users: new Map([[3, 5]]),
    teams: new Map([[1, 2]]),
  },
  factors: { requiredOf: 'nobody', without: [1, 2, 4] },
  keys: [
    {
      id: 4,
      description: 'fleet-tui kim@desk',
      createdAtS: NOW / 1_000 - 86_400,
      lastUsedAtS: NOW / 1_000 - 120,
      endsAtS: null,
    },
    {
      id: 7,
      description: 'ci',
      createdAtS: NOW / 1_000 - 7_200,
      lastUsedAtS: 0,
      endsAtS: NOW / 1_000 + 30 * 86_400,
    },
  ],
};

export const ACCOUNT = { id: 1, name: 'admin', isAdministrator: true };

/** The console of an administrator. */
export function administratorOf(pilot: Pilot): Pilot {
  const message = snapshot();
  if (message.kind !== 'snapshot') throw new Error('no snapshot');
  return pilot.live({ ...message, account: ACCOUNT });
}

/** A command typed, and its list answered. */
export function listOf(pilot: Pilot, command: string, directory: Directory = DIRECTORY): Pilot {
  return tellPeople(administratorOf(pilot).press(':').type(command).press('enter'), directory);
}

/** Answers the last question of a list. */
export function tellPeople(pilot: Pilot, directory: Directory = DIRECTORY): Pilot {
  for (const effect of pilot.effects.filter(({ kind }) => kind === 'read-directory')) {
    if (effect.kind !== 'read-directory') continue;
    const { requestId } = effect;
    pilot.send({ kind: 'directory-read', requestId, answer: directory, atMs: NOW });
  }
  return pilot;
}
