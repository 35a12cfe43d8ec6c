/** All that can happen to the console, and all it can ask of the world in return. Time comes in as `atMs`, never by itself. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { FeedMessage } from '../../protocol/feed.ts';
import type { AccountChanged, ChangeAccount } from './account-event.ts';
import type { AuditEffect, AuditEvent, AuditIntent } from './audit-event.ts';
import type { Connection, ScreenSize } from './connection.ts';
import type {
  EnvironmentEffect,
  EnvironmentEvent,
  EnvironmentIntent,
} from './environment-event.ts';
import type { GuestEffect, GuestEvent, GuestIntent } from './guest-event.ts';
import type { FetchInfo, InfoIntent, InfoRead } from './info-view.ts';
import type { JobEffect, JobEvent, JobIntent } from './job-event.ts';
import type { ListIntent } from './list-event.ts';
import type { LockIntent, NoteUnlock, UnlockNotNoted } from './lock-event.ts';
import type { LogEffect, LogEvent, LogIntent, LogSwitch } from './log-event.ts';
import type { LookEffect, LookEvent, LookIntent } from './look-event.ts';
import type { PeopleEffect, PeopleEvent, PeopleIntent } from './people-event.ts';
import type { PromptKind } from './prompt.ts';
import type { ReadEffect, ReadEvent, ReadIntent } from './read-event.ts';
import type { HistoryEffect, HistoryTold, LogSaid, RowIntent, WriteOwnLog } from './row-event.ts';
import type { SignInEffect, SignInEvent } from './sign-in-event.ts';
import type { UseEffect, UseEvent, UseIntent } from './use-event.ts';
import type { ViewEffect, ViewEvent, ViewIntent } from './view-event.ts';
import type { JudgeProblems, ProblemsJudged, WallIntent } from './wall-event.ts';

export type Movement =
  | 'up'
  | 'down'
  | 'half-up'
  | 'half-down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'left'
  | 'right';

/** Whether a text went to the terminal's clipboard, as far as anybody can know: the terminal doesn't answer. */
export type CopyOutcome = 'sent' | 'too-long' | 'no-clipboard';

/** Which menu to open. */
export type MenuName = 'actions' | 'copy' | 'ports' | 'scopes' | 'sorts';

export type Switch = 'problems' | 'wide' | 'freeze' | 'full' | 'head' | 'mouse' | LogSwitch;

/** What the terminal, the fleet, the effects and the clock tell. */
export type OutsideEvent =
  | { readonly kind: 'key'; readonly name: string; readonly text?: string; readonly atMs: number }
  | { readonly kind: 'paste'; readonly text: string; readonly atMs: number }
  | { readonly kind: 'resize'; readonly size: ScreenSize }
  /** `clockSetMs`: how far the clock of the day was put forward since the console began; it never moves `atMs`. */
  | { readonly kind: 'tick'; readonly atMs: number; readonly clockSetMs?: number }
  | { readonly kind: 'feed'; readonly message: FeedMessage; readonly atMs: number }
  | { readonly kind: 'connection'; readonly connection: Connection; readonly atMs: number }
  | AuditEvent
  | PeopleEvent
  | ReadEvent
  | EnvironmentEvent
  | SignInEvent
  | GuestEvent
  | JobEvent
  /** The commands that an earlier run of the console kept, oldest first. */
  | { readonly kind: 'history-read'; readonly lines: readonly string[]; readonly atMs: number }
  | {
      readonly kind: 'url-opened';
      readonly url: string;
      /** Whether a browser was started for it. */
      readonly isShown: boolean;
      readonly atMs: number;
    }
  | ProblemsJudged
  | HistoryTold
  | LogSaid
  | InfoRead
  | UnlockNotNoted
  | AccountChanged
  | { readonly kind: 'copied'; readonly outcome: CopyOutcome; readonly atMs: number }
  | LogEvent
  | ViewEvent
  | LookEvent
  | UseEvent;

/** What a key or a command means, decided already; carries no time of its own. */
export type Intent =
  | { readonly kind: 'move'; readonly to: Movement }
  | { readonly kind: 'open-logs'; readonly key: ContainerKey }
  /** One view of several logs. */
  | { readonly kind: 'open-merged-logs'; readonly keys: readonly ContainerKey[] }
  | WallIntent
  | { readonly kind: 'open-menu'; readonly menu: MenuName }
  | { readonly kind: 'copy-text'; readonly text: string }
  | { readonly kind: 'open-url'; readonly url: string }
  | { readonly kind: 'copy' }
  /** Leaves the screen on top without asking. */
  | { readonly kind: 'close' }
  | { readonly kind: 'open-help' }
  | { readonly kind: 'open-messages' }
  | { readonly kind: 'prompt'; readonly prompt: PromptKind }
  | { readonly kind: 'switch'; readonly what: Switch }
  | { readonly kind: 'match'; readonly by: 1 | -1 }
  | { readonly kind: 'escape' }
  | { readonly kind: 'back' }
  | { readonly kind: 'run-help-line' }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'quit'; readonly isSure: boolean }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | AuditIntent
  | PeopleIntent
  | ReadIntent
  | EnvironmentIntent
  | GuestIntent
  | JobIntent
  | LockIntent
  | ChangeAccount
  | ListIntent
  | LogIntent
  | RowIntent
  | InfoIntent
  | LookIntent
  | UseIntent
  | ViewIntent;

export type AppEvent = OutsideEvent | Intent;

/** What the loop is asked to do; each answers with events that name what they answer. */
export type Effect =
  /** Shows it in a browser where there is one. */
  | { readonly kind: 'open-url'; readonly url: string }
  /** Keeps a command for later runs of the console. */
  | { readonly kind: 'keep-command'; readonly line: string }
  | JudgeProblems
  | HistoryEffect
  | WriteOwnLog
  | FetchInfo
  | NoteUnlock
  | ChangeAccount
  /** Hands the text to the terminal's clipboard; it may be a secret. */
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'resync' }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'quit' }
  | AuditEffect
  | PeopleEffect
  | ReadEffect
  | EnvironmentEffect
  | SignInEffect
  | GuestEffect
  | JobEffect
  | LogEffect
  | ViewEffect
  | LookEffect
  | UseEffect;
