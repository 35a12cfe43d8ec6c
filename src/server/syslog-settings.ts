/** The flags that send the audit trail to a syslog receiver, and the files that they name. */
import { readFile } from 'node:fs/promises';
import { Fault } from '../protocol/fault.ts';
import { SyslogForwarder, type SyslogParts } from './fleet/syslog-forwarder.ts';
import type { SyslogReceiver } from './fleet/syslog-session.ts';

/** RFC 6587 and RFC 5425. */
const PORTS: Readonly<Record<string, number>> = { 'tcp:': 601, 'tls:': 6514 };

export interface SyslogSettings {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

export interface SyslogFlags {
  readonly syslog?: string;
  readonly syslogCa?: string;
  readonly syslogCert?: string;
  readonly syslogKey?: string;
}

const wrong = (sentence: string): Fault => new Fault('bad-settings', sentence);

function receiverUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, hostname, username, pathname, search, hash } = url;
  const isMore = username !== '' || search !== '' || hash !== '' || pathname.length > 1;
  return protocol in PORTS && hostname !== '' && !isMore ? url : undefined;
}

/** Undefined without --syslog; Fault bad-settings naming the flag. */
export function parseSyslog(flags: SyslogFlags): SyslogSettings | undefined {
  const { syslog, syslogCa: caFile, syslogCert: certFile, syslogKey: keyFile } = flags;
  const files = [caFile, certFile, keyFile].filter((file) => file !== undefined);
  if (syslog === undefined) {
    if (files.length === 0) return undefined;
    throw wrong('--syslog-ca, --syslog-cert and --syslog-key belong to --syslog.');
  }
  const url = receiverUrl(syslog);
  if (url === undefined) {
    throw wrong(`--syslog takes tls://HOST:PORT or tcp://HOST:PORT, not "${syslog}".`);
  }
  const isTls = url.protocol === 'tls:';
  if (!isTls && files.length > 0) throw wrong('The files of --syslog are for tls:// only.');
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw wrong('--syslog-cert and --syslog-key go together: give both or neither.');
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: Number(url.port) || PORTS[url.protocol] || 0,
    isTls,
    caFile,
    certFile,
    keyFile,
  };
}

async function readPem(flag: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw wrong(`${flag} ${file} can't be read: ${(thrown as Error).message}.`);
  }
}

/** Reads the files; Fault bad-settings when one can't be read. */
async function syslogReceiver(settings: SyslogSettings): Promise<SyslogReceiver> {
  const { host, port, isTls, caFile, certFile, keyFile } = settings;
  if (!isTls) return { host, port, tls: undefined };
  return {
    host,
    port,
    tls: {
      ...(caFile !== undefined && { ca: await readPem('--syslog-ca', caFile) }),
      ...(certFile !== undefined && { cert: await readPem('--syslog-cert', certFile) }),
      ...(keyFile !== undefined && { key: await readPem('--syslog-key', keyFile) }),
    },
  };
}

interface OpenParts extends Omit<SyslogParts, 'receiver'> {
  readonly settings: { readonly syslog: SyslogSettings | undefined };
}

/** The forwarder that the settings ask for, running; null when they ask for none. Fault bad-settings. */
export async function openSyslog({
  settings,
  ...parts
}: OpenParts): Promise<SyslogForwarder | null> {
  if (settings.syslog === undefined) return null;
  return await SyslogForwarder.open({ ...parts, receiver: await syslogReceiver(settings.syslog) });
}
