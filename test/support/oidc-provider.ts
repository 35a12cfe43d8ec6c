/** A real OIDC provider on this machine with the device flow on, and somebody who goes through its pages as a browser would. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const CLIENT_ID = 'fleet';
export const CLIENT_SECRET = 'a-secret-of-the-client-0123456789';
export const REDIRECT_URI = 'https://console.example/back';

export interface OidcProviderRig extends AsyncDisposable {
  readonly issuer: string;
  /** What it says of people, by the name they sign in with there. */
  readonly people: Map<string, Record<string, unknown>>;
  /** Goes to the address as this person, agrees to everything, and returns the address that led away, or the last one. */
  agree(url: string, person: string): Promise<string>;
  /** Goes there and says no. */
  refuse(url: string): Promise<void>;
}

const configurationFor = (people: ReadonlyMap<string, Record<string, unknown>>) => ({
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
    },
  ],
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
  claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
  cookies: { keys: ['a key of the test'] },
  findAccount: (_context: unknown, id: string) => ({
    accountId: id,
    claims: () => ({ sub: `subject-of-${id}`, preferred_username: id, ...people.get(id) }),
  }),
});

/** Starts it on a free port of 127.0.0.1, over plain HTTP. */
export async function startOidcProvider(): Promise<OidcProviderRig> {
  const people = new Map<string, Record<string, unknown>>();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', new Provider(issuer, configurationFor(people)).callback());
  return {
    issuer,
    people,
    agree: (url, person) => new Visit(issuer).walk(url, { login: person, password: 'any' }),
    refuse: async (url) => void (await new Visit(issuer).walk(url, { abort: 'yes' })),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const MAX_STEPS = 30;

/** One browser with its cookies: follows redirects and sends the first form of each page. */
class Visit {
  readonly #issuer: string;
  readonly #cookies = new Map<string, string>();

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  async walk(from: string, answers: Readonly<Record<string, string>>): Promise<string> {
    let url = from;
    let form: URLSearchParams | undefined;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const response = await this.#send(url, form);
      const location = response.headers.get('location');
      if (location !== null) {
        url = new URL(location, url).href;
        form = undefined;
        if (!url.startsWith(this.#issuer)) return url;
        continue;
      }
      const page = await response.text();
      if (form?.has('abort')) return url;
      const next = formOf(page, answers);
      if (next === undefined) return url;
      url = new URL(next.action, url).href;
      form = next.fields;
    }
    throw new Error(`The provider leads in circles at ${url}.`);
  }

  async #send(url: string, form: URLSearchParams | undefined): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form && { method: 'POST', body: form }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}

/** The first form of a page, filled in; undefined when there is none. */
function formOf(page: string, answers: Readonly<Record<string, string>>) {
  const [, attributes = '', inside = ''] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(page) ?? [];
  const action = /action="([^"]*)"/.exec(attributes)?.[1];
  if (action === undefined) return undefined;
  const fields = new URLSearchParams();
  for (const [input] of inside.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    const value = /value="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) fields.set(name, answers[name] ?? value ?? '');
  }
  if (answers['abort'] !== undefined && fields.has('confirm')) {
    fields.delete('confirm');
    fields.set('abort', 'yes');
  }
  return { action, fields };
}
