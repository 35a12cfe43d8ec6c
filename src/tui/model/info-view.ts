/** The view of the console itself: where its files are, what its terminal can do, what it holds, what it asks of whom. */

export interface HostTraffic {
  readonly environmentId: number;
  readonly streams: number;
  /** Requests that wait for their answer. */
  readonly underWay: number;
  /** Requests of the last 60 s. */
  readonly lastMinute: number;
  /** Since the console began. */
  readonly total: number;
}

export interface TerminalFacts {
  /** TERM as the environment has it. */
  readonly name: string;
  /** 0 without colours. */
  readonly colors: number;
  readonly isAscii: boolean;
  /** Whether frames are wrapped in synchronized updates. */
  readonly isSynchronized: boolean;
  /** Frames since the beginning, and those left out while the last one had not left yet. */
  readonly painted: number;
  readonly skipped: number;
}

export interface ConsoleFacts {
  readonly configPath: string;
  readonly isConfigThere: boolean;
  /** Undefined for a console that writes no log. */
  readonly logPath: string | undefined;
  readonly nodeVersion: string;
  readonly processId: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly upMs: number;
  readonly terminal: TerminalFacts;
  readonly traffic: readonly HostTraffic[];
  /** Of the server behind the fleet; undefined where there is none or it has not told. */
  readonly serverVersion: string | undefined;
  /** What agents call themselves, of those that were asked and have told. */
  readonly agents: readonly { readonly environmentId: number; readonly product: string }[];
}

export interface InfoScreen {
  readonly kind: 'info';
  readonly requestId: number;
  readonly isAsking: boolean;
  readonly askedAtMs: number;
  /** Undefined until the first answer. */
  readonly facts: ConsoleFacts | undefined;
  readonly top: number;
}

/** From one look at what changes to the next. */
export const INFO_REFRESH_MS = 2_000;

export type InfoIntent = { readonly kind: 'open-info' };

/** As OutsideEvent. */
export interface InfoRead {
  readonly kind: 'info-read';
  readonly requestId: number;
  readonly facts: ConsoleFacts;
  readonly atMs: number;
}

/** As Effect; answered at once. */
export interface FetchInfo {
  readonly kind: 'fetch-info';
  readonly requestId: number;
  /** Environments whose agents are asked once for their version. */
  readonly agentsOf: readonly number[];
}
