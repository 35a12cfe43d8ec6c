/** The address of an agent as a person types it. */
import { Fault } from '../protocol/fault.ts';

export interface AgentAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 9001;
const FORM =
  /^(?:(?:tcp|https):\/\/)?(?:\[(?<six>[0-9a-f:.%]+)\]|(?<name>[^\s:/@[\]]+))(?::(?<port>\d{1,5}))?\/?$/i;

/** `HOST`, `HOST:PORT`, `[IPV6]:PORT`, with tcp:// or https:// before it if you like; port 9001 where none is said. */
export function parseAgentAddress(text: string): AgentAddress {
  const { six, name, port } = FORM.exec(text.trim())?.groups ?? {};
  const host = six ?? name;
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (host !== undefined && number >= 1 && number <= 65_535) return { host, port: number };
  throw new Fault(
    'bad-settings',
    `"${text.slice(0, 200)}" is not the address of an agent; write it like 10.0.0.7:9001.`,
  );
}

/** `host:port` as sentences and the contexts file have it. */
export function agentPlace({ host, port }: AgentAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
