/**
 * Whose account must have a second factor. One that must and has none may sign in by password only to turn it on: everything
 * else is refused to its sessions until then. API keys go on, since they work without a person; so do accounts that an OIDC
 * provider vouches for, which asks for factors itself.
 */
import { z } from 'zod';
import { Fault } from '../../protocol/fault.ts';
import {
  type FactorStanding,
  REQUIRED_OF,
  type RequiredOf,
} from '../../protocol/required-factor.ts';
import type { SettingStore, UserRecord } from '../store/store.ts';
import type { Grant } from './grant.ts';
import { KeptSetting } from './kept-setting.ts';
import type { SecondFactors } from './second-factors.ts';

const SETTING = {
  name: 'required-second-factor',
  schema: z.enum(REQUIRED_OF),
  otherwise: 'nobody',
} as const;
const ADMINISTRATOR = 1;

export interface FactorPolicyParts {
  readonly settings: SettingStore;
  readonly secondFactors: SecondFactors;
}

/** The rule, and what it forbids. */
export class SecondFactorPolicy {
  readonly #secondFactors: SecondFactors;
  readonly requiredOf: KeptSetting<RequiredOf>;

  private constructor(secondFactors: SecondFactors, requiredOf: KeptSetting<RequiredOf>) {
    this.#secondFactors = secondFactors;
    this.requiredOf = requiredOf;
  }

  static async open({ settings, secondFactors }: FactorPolicyParts): Promise<SecondFactorPolicy> {
    const requiredOf = await KeptSetting.open<RequiredOf>(settings, SETTING);
    return new SecondFactorPolicy(secondFactors, requiredOf);
  }

  /** Whether the rule is about this grant, whatever its account has. */
  concerns({ via, user }: Grant): boolean {
    if (via !== 'session' || user.passwordHash === '') return false;
    if (this.requiredOf.value === 'administrators') return user.role === ADMINISTRATOR;
    return this.requiredOf.value === 'everybody';
  }

  /** The rule, and whom of these accounts it would hold up, were it for everybody. */
  async standingOf(users: readonly UserRecord[]): Promise<FactorStanding> {
    const withOne = await this.#secondFactors.accounts();
    const without = users.filter(({ id, passwordHash }) => passwordHash !== '' && !withOne.has(id));
    return { requiredOf: this.requiredOf.value, without: without.map(({ id }) => id) };
  }

  /** Fault second-factor-due for a session that may do nothing at this path before its account has a factor. */
  async check(grant: Grant, path: string): Promise<void> {
    if (!this.concerns(grant) || isOnTheWay(path, grant.user.id)) return;
    if ((await this.#secondFactors.stateOf(grant.user.id)).isOn) return;
    throw new Fault('second-factor-due', 'A second factor is required', {
      details:
        'This server asks it of your account. Turn it on: by fleet-tui login, or by :second-factor on in its console.',
    });
  }
}

/** What turning it on takes, and leaving. */
function isOnTheWay(path: string, userId: number): boolean {
  const factor = `/api/fleet/users/${userId}/second-factor`;
  const others = ['/api/users/me', '/api/auth/logout', `/api/users/${userId}/passwd`];
  return path === factor || path.startsWith(`${factor}/`) || others.includes(path);
}
