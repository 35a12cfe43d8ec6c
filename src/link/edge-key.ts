/** EDGE_KEY in Portainer's exact form: unpadded base64 of `url|tunnelHost:tunnelPort|fingerprint|environmentId`. */
import { Fault } from '../protocol/fault.ts';

export interface EdgeKey {
  /** Of the server, scheme included, without a trailing slash. */
  readonly url: string;
  /** Where a genuine Portainer agent finds its tunnel server; our agents don't use it. */
  readonly tunnelAddress: string;
  /** Of the server's link key; empty when the server must not be checked. */
  readonly fingerprint: string;
  readonly environmentId: number;
}

export function formatEdgeKey(key: EdgeKey): string {
  const fields = [key.url, key.tunnelAddress, key.fingerprint, String(key.environmentId)];
  return Buffer.from(fields.join('|')).toString('base64').replace(/=+$/, '');
}

/** Throws Fault bad-settings with a sentence that says what is wrong with the key, never the key itself. */
export function parseEdgeKey(text: string): EdgeKey {
  const trimmed = text.trim();
  const wrong = (what: string) =>
    new Fault(
      'bad-settings',
      `EDGE_KEY ${what}. Copy it again from the server's "add environment" page.`,
    );
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(trimmed)) throw wrong('is not base64');
  const fields = Buffer.from(trimmed, 'base64').toString('utf8').split('|');
  const [url, tunnelAddress, fingerprint, id] = fields;
  if (fields.length !== 4 || url === undefined || tunnelAddress === undefined) {
    throw wrong(`has ${fields.length} of its 4 fields`);
  }
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) throw wrong('holds no server address');
  if (fingerprint === undefined || !/^([A-Za-z0-9+/]{43}=)?$/.test(fingerprint)) {
    throw wrong('holds a malformed fingerprint');
  }
  if (id === undefined || !/^\d{1,10}$/.test(id)) throw wrong('holds no environment id');
  return { url: url.replace(/\/+$/, ''), tunnelAddress, fingerprint, environmentId: Number(id) };
}
