/** A fleet as a console sees it: one interface, whatever stands behind (our server, one agent, a local socket). */
import type { Engine } from '../docker/engine.ts';
import type { EngineRoute } from '../docker/route.ts';
import type { AuditPage, AuditVerdict } from '../protocol/audit.ts';
import type { FeedMessage } from '../protocol/feed.ts';
import type { LinkStatus } from '../protocol/link-api.ts';
import type { MaintenanceWish } from '../protocol/maintenance-wish.ts';
import type { AddedEnvironment, EnvironmentDraft } from '../protocol/new-environment.ts';
import type { DeedAnswer, Directory, DirectoryWish, PeopleDeed } from '../protocol/people.ts';
import type { ProblemVerdict } from '../protocol/problem-verdict.ts';
import type { ContainerSample, EnvironmentFigures, SamplePoint } from '../protocol/sample.ts';
import type { FactorEnrolling } from './factor-enrolling.ts';
import type { Agreement } from './people-deeds.ts';
import type { ProviderInvitation } from './provider-sign-in.ts';
import type { AuditWish } from './server-audit.ts';
import type { UnlockNote } from './server-unlock.ts';
import type { Login } from './sign-in.ts';

/** The console's own connection to its source; the state of each environment is in the feed. */
export type FleetConnection =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly reason: string; readonly retryAtMs: number }
  /** No retry helps: a wrong certificate, or a refused credential, and then `signIn` says whose it was. */
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly signIn?: { readonly username: string };
    };

export interface FleetListener {
  feed(message: FeedMessage): void;
  connection(state: FleetConnection): void;
}

export interface Fleet extends AsyncDisposable {
  /** For the status line: 'https://jump:9443 as admin', 'unix:///var/run/docker.sock'. */
  readonly title: string;
  /** Starts the feed: a snapshot first, then changes; reconnects by itself for ever. Called once. */
  watch(listener: FleetListener): void;
  /** Drops the feed and starts again from a snapshot; asked for when a sequence number is missing. Returns at once. */
  resync(): void;
  /** The engine of an environment named in the feed; throws Fault not-found for any other id. */
  engine(environmentId: number): Engine;
  /** The way to that engine for bytes that only pass, good until the fleet is disposed or finds another; throws as engine() does. */
  route(environmentId: number): EngineRoute;
  /** The latest samples of these containers, or of all that run; those without figures are missing. Rejects with a Fault. */
  stats?(
    environmentId: number,
    ids: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<readonly ContainerSample[]>;
  /** The latest figures of every container of the fleet, to sort by. */
  figures?(signal: AbortSignal): Promise<readonly EnvironmentFigures[]>;
  /** What is remembered of one container's samples, oldest first. */
  statsHistory?(
    environmentId: number,
    id: string,
    signal: AbortSignal,
  ): Promise<readonly SamplePoint[]>;
  /**
   * Notes what a person says of a problem; the feed tells it anew. Without a server it is known to this console alone.
   * Rejects with a Fault.
   */
  judge?(problemId: string, verdict: ProblemVerdict, signal: AbortSignal): Promise<void>;
  /** Of the server behind the fleet, as this console reaches it; absent when there is none, and so is what follows. */
  readonly serverUrl?: string;
  /** Of the saved context that it was opened from. */
  readonly contextName?: string;
  /** How the link to an environment's agent fares; rejects with a Fault. */
  linkStatus?(environmentId: number, signal: AbortSignal): Promise<LinkStatus>;
  /** Lets the waiting agent with this key hold the environment; resolves with the link as it is then, rejects with a Fault. */
  acceptAgent?(
    environmentId: number,
    fingerprint: string,
    signal: AbortSignal,
  ): Promise<LinkStatus>;
  /**
   * The environment variables of a container as NAME=value, after the server has noted who asked; rejects with a Fault.
   * Without it a console reads them from the engine itself.
   */
  reveal?(
    environmentId: number,
    containerId: string,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** The release that the server says it is; rejects with a Fault. */
  serverVersion?(signal: AbortSignal): Promise<string>;
  /** A page of the server's audit trail, the newest rows first; rejects with a Fault. */
  audit?(wish: AuditWish, signal: AbortSignal): Promise<AuditPage>;
  /** Who works with the server, and what was wished for besides; rejects with a Fault. */
  directory?(wish: DirectoryWish, signal: AbortSignal): Promise<Directory>;
  /** Changes users, teams, access or API keys; rejects with a Fault. The answer may hold a secret that is told only once. */
  carryOut?(deed: PeopleDeed, signal: AbortSignal, agreement: Agreement): Promise<DeedAnswer>;
  /** A recorded exec session in asciicast v2; rejects with a Fault. */
  recording?(id: string, signal: AbortSignal): Promise<string>;
  /** Whether the server's audit trail is whole; rejects with a Fault. */
  verifyAudit?(signal: AbortSignal): Promise<AuditVerdict>;
  /** Signs in again, keeps the new key in the saved context, and starts the feed anew; rejects with a Fault. */
  signIn?(login: Login, signal: AbortSignal): Promise<void>;
  /**
   * Where signIn is refused with second-factor-due: turns the factor on and then signs in. `signal` ends all of it;
   * rejects with a Fault.
   */
  enrolFactor?(login: Login, signal: AbortSignal): Promise<FactorEnrolling>;
  /** The same with an API key that somebody made on the server. */
  signInWithKey?(key: string, signal: AbortSignal): Promise<void>;
  /** The same by the server's OIDC provider; `invited` hears at once how a person agrees. */
  signInByProvider?(
    invited: (invitation: ProviderInvitation) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Has the server write into its log that a person opened locked environments; rejects with a Fault. */
  noteUnlock?(note: UnlockNote, signal: AbortSignal): Promise<void>;
  /** Begins the maintenance of an environment, or ends it without a wish; the feed tells it. Rejects with a Fault. */
  maintain?(
    environmentId: number,
    wish: MaintenanceWish | undefined,
    signal: AbortSignal,
  ): Promise<void>;
  /** Rejects with a Fault; the answer holds secrets that are told only once. */
  addEnvironment?(draft: EnvironmentDraft, signal: AbortSignal): Promise<AddedEnvironment>;
}
