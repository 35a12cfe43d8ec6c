/** How people sign in by an OIDC provider, as an administrator has said it; the client's secret is kept sealed. */
import type { SettingStore } from '../store/store.ts';
import type { Seal } from './seal.ts';

const SETTING = 'oidc';

export interface TeamMapping {
  readonly claimValue: string;
  readonly teamId: number;
}

export interface OidcSettings {
  readonly isOn: boolean;
  /** https://id.example.com, whose /.well-known/openid-configuration says the rest; '' while nothing is set. */
  readonly issuer: string;
  readonly clientId: string;
  /** '' for a public client. */
  readonly clientSecret: string;
  /** The page of a web client that takes the code. */
  readonly redirectUri: string;
  readonly logoutUri: string;
  /** Parted by blanks. */
  readonly scopes: string;
  /** The claim that becomes the name of the account. */
  readonly userIdentifier: string;
  /** Whether who is new here gets an account, without access to anything. */
  readonly autoCreate: boolean;
  /** The team of new accounts; 0 for none. */
  readonly defaultTeamId: number;
  /** The claim that lists groups; '' when teams are managed here. */
  readonly teamClaim: string;
  readonly teamMappings: readonly TeamMapping[];
  /** Values of the same claim that make an administrator; none: nobody becomes one by a claim. */
  readonly adminClaimValues: readonly string[];
  /** As Portainer's AuthStyle: 0 as the provider says, 1 secret in the body, 2 in the header. */
  readonly authStyle: 0 | 1 | 2;
}

const NOTHING: OidcSettings = {
  isOn: false,
  issuer: '',
  clientId: '',
  clientSecret: '',
  redirectUri: '',
  logoutUri: '',
  scopes: 'openid profile email',
  userIdentifier: 'preferred_username',
  autoCreate: false,
  defaultTeamId: 0,
  teamClaim: '',
  teamMappings: [],
  adminClaimValues: [],
  authStyle: 0,
};

/** The settings at hand, and their keeping. */
export class OidcBook {
  readonly #store: SettingStore;
  readonly #seal: Seal;
  #settings: OidcSettings;

  private constructor(store: SettingStore, seal: Seal, settings: OidcSettings) {
    this.#store = store;
    this.#seal = seal;
    this.#settings = settings;
  }

  static async open(store: SettingStore, seal: Seal): Promise<OidcBook> {
    const kept = JSON.parse((await store.get(SETTING)) ?? '{}') as Partial<OidcSettings>;
    const secret = kept.clientSecret ? seal.open(kept.clientSecret)?.toString('utf8') : '';
    return new OidcBook(store, seal, { ...NOTHING, ...kept, clientSecret: secret ?? '' });
  }

  get settings(): OidcSettings {
    return this.#settings;
  }

  async set(settings: OidcSettings): Promise<void> {
    const { clientSecret } = settings;
    const sealed = clientSecret && this.#seal.close(Buffer.from(clientSecret));
    await this.#store.set(SETTING, JSON.stringify({ ...settings, clientSecret: sealed }));
    this.#settings = settings;
  }
}
