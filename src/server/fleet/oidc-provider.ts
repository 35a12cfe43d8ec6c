/**
 * The OIDC provider of this server: authorization code with PKCE for browsers, device flow (RFC 8628) for consoles. What it says
 * of somebody is checked by the library: signature, issuer, audience, nonce, times.
 */
import type {
  Configuration,
  TokenEndpointResponse,
  TokenEndpointResponseHelpers,
} from 'openid-client';
import { Fault } from '../../protocol/fault.ts';
import type { OidcSettings } from './oidc-settings.ts';

const ANSWER_S = 10;
const DISCOVERED_FOR_MS = 3_600_000;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whom the provider vouches for, and what it says of them. */
export interface OidcIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What must be the same when the browser comes back. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface DeviceStart {
  readonly userCode: string;
  readonly verificationUri: string;
  /** With the code in it; undefined when the provider has none. */
  readonly verificationUriComplete: string | undefined;
  readonly expiresInS: number;
  /** Resolves when the person has agreed; rejects with a Fault when they did not, or not in time. */
  readonly identity: Promise<OidcIdentity>;
}

type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;

/** Loaded at the first sign-in. */
const library = () => import('openid-client');

/** Codes of RFC 6749 and 8628 as sentences; anything else is the provider's own words. */
const SENTENCES: Readonly<Record<string, string>> = {
  access_denied: 'It was refused at the provider.',
  expired_token: 'Nobody agreed in time; begin again.',
  invalid_client: 'The provider does not accept the client id and secret in the settings.',
  invalid_grant: 'The code is not good (any more); begin again.',
};

function failed(thrown: unknown, what: string): Fault {
  if (thrown instanceof Fault) return thrown;
  const {
    error,
    error_description: described,
    code,
    message,
  } = thrown as {
    error?: unknown;
    error_description?: unknown;
    code?: unknown;
    message?: unknown;
  };
  const words = [described, error, code, message].find((one) => typeof one === 'string') ?? '';
  const details = SENTENCES[String(error)] ?? `The provider: ${String(words).slice(0, 300)}`;
  return new Fault('unauthorized', what, { details });
}

async function discover(settings: OidcSettings): Promise<Configuration> {
  const oidc = await library();
  const { clientId, clientSecret, authStyle } = settings;
  const issuer = new URL(settings.issuer);
  const isLocal = issuer.protocol === 'http:' && LOOPBACK.test(issuer.hostname);
  const execute = isLocal ? [oidc.allowInsecureRequests] : [];
  // Basic is the standard's own default, and what a client gets that was registered without a word about it.
  const inHeader = oidc.ClientSecretBasic(clientSecret);
  const inBody = oidc.ClientSecretPost(clientSecret);
  const proof = clientSecret === '' ? oidc.None() : authStyle === 1 ? inBody : inHeader;
  return await oidc.discovery(issuer, clientId, {}, proof, { execute, timeout: ANSWER_S });
}

/** The provider of some settings; what it says of itself is asked for again every hour. */
export class OidcProvider {
  readonly #settings: OidcSettings;
  readonly #now: () => number;
  #discovered: { readonly atMs: number; readonly config: Promise<Configuration> } | undefined;

  constructor(settings: OidcSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Resolves when the provider says who it is; Fault unauthorized otherwise. */
  async check(): Promise<void> {
    await this.#config();
  }

  /** Where to send a browser, and what to keep until it is back; `state` may be the client's own. */
  async begin(state: string | undefined): Promise<{ url: string; pending: PendingLogin }> {
    const [oidc, config] = await Promise.all([library(), this.#config()]);
    const verifier = oidc.randomPKCECodeVerifier();
    const pending = { state: state ?? oidc.randomState(), nonce: oidc.randomNonce(), verifier };
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: this.#settings.redirectUri,
      scope: this.#scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, pending };
  }

  /** Whom a code stands for; Fault unauthorized. */
  async finish(code: string, { state, nonce, verifier }: PendingLogin): Promise<OidcIdentity> {
    const what = 'Unable to authenticate through OAuth';
    try {
      const [oidc, config] = await Promise.all([library(), this.#config()]);
      const back = new URL(this.#settings.redirectUri);
      back.search = '';
      back.searchParams.set('code', code);
      back.searchParams.set('state', state);
      // Web clients hand on the code alone; there is one provider, so none can be mixed up with it.
      back.searchParams.set('iss', config.serverMetadata().issuer);
      const tokens = await oidc.authorizationCodeGrant(config, back, {
        pkceCodeVerifier: verifier,
        expectedNonce: nonce,
        expectedState: state,
        idTokenExpected: true,
      });
      return await this.#identityOf(tokens, config);
    } catch (thrown) {
      throw failed(thrown, what);
    }
  }

  /** Begins the device flow; `signal` gives it up. Fault unauthorized when the provider has none. */
  async beginDevice(signal: AbortSignal): Promise<DeviceStart> {
    const what = 'Unable to authenticate through OAuth';
    try {
      const [oidc, config] = await Promise.all([library(), this.#config()]);
      if (config.serverMetadata().device_authorization_endpoint === undefined) {
        throw new Fault('unauthorized', what, {
          details: 'The OIDC provider has no device flow; sign in by password or with an API key.',
        });
      }
      const device = await oidc.initiateDeviceAuthorization(config, { scope: this.#scope });
      const tokens = oidc.pollDeviceAuthorizationGrant(config, device, undefined, { signal });
      const identity = tokens
        .then((told) => this.#identityOf(told, config))
        .catch((thrown: unknown) => {
          throw failed(thrown, what);
        });
      return {
        userCode: device.user_code,
        verificationUri: device.verification_uri,
        verificationUriComplete: device.verification_uri_complete,
        expiresInS: device.expires_in,
        identity,
      };
    } catch (thrown) {
      throw failed(thrown, what);
    }
  }

  get #scope(): string {
    const scopes = this.#settings.scopes.split(/[\s,]+/).filter((scope) => scope !== '');
    return [...new Set(['openid', ...scopes])].join(' ');
  }

  async #config(): Promise<Configuration> {
    const known = this.#discovered;
    if (known !== undefined && this.#now() - known.atMs < DISCOVERED_FOR_MS) {
      return await known.config;
    }
    const config = discover(this.#settings).catch((thrown: unknown) => {
      this.#discovered = undefined;
      const { message, cause } = thrown as { message?: string; cause?: { message?: string } };
      const why = `${this.#settings.issuer} can't be asked who it is: ${cause?.message ?? message}.`;
      throw new Fault('unauthorized', 'Unable to reach the OIDC provider', { details: why });
    });
    this.#discovered = { atMs: this.#now(), config };
    return await config;
  }

  async #identityOf(tokens: Tokens, config: Configuration): Promise<OidcIdentity> {
    const told = tokens.claims();
    if (told === undefined) {
      throw new Fault('unauthorized', 'Unable to authenticate through OAuth', {
        details: 'The provider gave no id_token; is it an OIDC provider, and is openid in Scopes?',
      });
    }
    const hasMore = config.serverMetadata().userinfo_endpoint !== undefined;
    const { fetchUserInfo } = await library();
    const more = hasMore ? await fetchUserInfo(config, tokens.access_token, told.sub) : {};
    return { issuer: told.iss, subject: told.sub, claims: { ...more, ...told } };
  }
}
