/** Puts together what decides who somebody is: accounts, second factors, sessions and API keys. */
import { createAdministrator } from './first-start.ts';
import { Accounts } from './fleet/accounts.ts';
import { ApiKeys } from './fleet/api-keys.ts';
import { OidcBook } from './fleet/oidc-settings.ts';
import { PasswordPolicy } from './fleet/password-policy.ts';
import type { Seal } from './fleet/seal.ts';
import { SecondFactorPolicy } from './fleet/second-factor-policy.ts';
import { SecondFactors } from './fleet/second-factors.ts';
import { Sessions } from './fleet/sessions.ts';
import { CODES, SignInBrake } from './fleet/sign-in-brake.ts';
import type { ServerSettings } from './settings.ts';
import type { Store } from './store/store.ts';

export interface AccountsOrigin {
  readonly settings: ServerSettings;
  readonly store: Store;
  readonly now: () => number;
}

/** With the first administrator, when the settings name one. */
export async function composeAccounts({ settings, store, now }: AccountsOrigin, seal: Seal) {
  const policy = await PasswordPolicy.open(store.settings);
  const accounts = new Accounts({ users: store.users, brake: new SignInBrake(now), policy, now });
  await createAdministrator(accounts, settings);
  const codes = { brake: new SignInBrake(now, CODES), seal, now };
  const secondFactors = new SecondFactors({ store: store.secondFactors, ...codes });
  return {
    accounts,
    passwordPolicy: policy,
    oidcBook: await OidcBook.open(store.settings, seal),
    secondFactors,
    factorPolicy: await SecondFactorPolicy.open({ settings: store.settings, secondFactors }),
    sessions: await Sessions.open(store, now),
    apiKeys: new ApiKeys(store, now),
  };
}
