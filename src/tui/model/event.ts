/** All that can happen to the console, and all it can ask of the world in return. Time comes in as `atMs`, never by itself. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { FeedMessage } from '../../protocol/feed.ts';
import type { LinkStatus } from '../../protocol/link-api.ts';
import type { AddedEnvironment, EnvironmentDraft } from '../../protocol/new-environment.ts';
import type { ContainerAction } from '../../protocol/operation.ts';
import type { Connection, ScreenSize } from './connection.ts';
import type { SortKey } from './container-sort.ts';
import type { ExecResult, ExecTarget } from './exec.ts';
import type { Inspection } from './inspection.ts';
import type { JobAction, PlannedOperation, RunHow } from './job.ts';
import type { Grouping } from './list-groups.ts';
import type { LogEffect, LogEvent, LogIntent, LogSwitch } from './log-event.ts';
import type { PromptKind } from './prompt.ts';
import type { ReadEvent } from './read-event.ts';
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

/** What the view of an inspect answer can be asked for. */
export type InspectDeed =
  | 'fold'
  | 'form'
  | 'wrap'
  | 'auto'
  | 'reveal'
  | 'copy-value'
  | 'copy-path'
  | 'changes';

export type Switch = 'problems' | 'wide' | 'freeze' | 'full' | 'head' | LogSwitch;

/** How a stay in a container came to its end. */
export type ShellOutcome =
  /** The process ended, with its status where somebody knows it, or the container was detached from. */
  | { readonly kind: 'ended'; readonly status: number | null }
  | { readonly kind: 'left' }
  /** Why there was none, as a sentence. */
  | { readonly kind: 'failed'; readonly why: string };

/** What the terminal, the fleet, the effects and the clock tell. */
export type OutsideEvent =
  | { readonly kind: 'key'; readonly name: string; readonly text?: string; readonly atMs: number }
  | { readonly kind: 'paste'; readonly text: string; readonly atMs: number }
  | { readonly kind: 'resize'; readonly size: ScreenSize }
  /** `upMs` is a clock that nobody sets. */
  | { readonly kind: 'tick'; readonly atMs: number; readonly upMs?: number }
  | { readonly kind: 'feed'; readonly message: FeedMessage; readonly atMs: number }
  | { readonly kind: 'connection'; readonly connection: Connection; readonly atMs: number }
  | {
      readonly kind: 'inspected';
      readonly requestId: number;
      readonly answer: Inspection | { readonly why: string };
      readonly atMs: number;
    }
  | ReadEvent
  | {
      readonly kind: 'link-status';
      readonly requestId: number;
      readonly answer: LinkStatus | { readonly why: string };
      readonly atMs: number;
    }
  | {
      readonly kind: 'environment-added';
      readonly requestId: number;
      readonly answer: AddedEnvironment | { readonly why: string };
      readonly atMs: number;
    }
  /** The commands that an earlier run of the console kept, oldest first. */
  | { readonly kind: 'history-read'; readonly lines: readonly string[]; readonly atMs: number }
  | {
      readonly kind: 'url-opened';
      readonly url: string;
      /** Whether a browser was started for it. */
      readonly isShown: boolean;
      readonly atMs: number;
    }
  | {
      readonly kind: 'signed-in';
      readonly requestId: number;
      /** Undefined when it worked. */
      readonly why: string | undefined;
      readonly atMs: number;
    }
  | ProblemsJudged
  | { readonly kind: 'copied'; readonly outcome: CopyOutcome; readonly atMs: number }
  | {
      readonly kind: 'shell-ended';
      readonly name: string;
      readonly what: 'shell' | 'attach';
      readonly outcome: ShellOutcome;
      readonly atMs: number;
    }
  | {
      readonly kind: 'exec-told';
      readonly runId: number;
      readonly key: ContainerKey;
      /** As far as it is known; takes the place of what was told before. */
      readonly result: ExecResult;
      readonly atMs: number;
    }
  | {
      readonly kind: 'operation-ended';
      readonly operationId: string;
      readonly outcome: 'done' | 'failed' | 'cancelled';
      /** Why it failed, as a sentence. */
      readonly why?: string;
      /** The settings of what was removed are kept. */
      readonly isKept?: boolean;
      readonly atMs: number;
    }
  | LogEvent
  | ViewEvent
  | UseEvent;

/** What a key or a command means, decided already; carries no time of its own. */
export type Intent =
  | { readonly kind: 'move'; readonly to: Movement }
  | { readonly kind: 'open-list'; readonly list: 'environments' | 'containers' }
  | { readonly kind: 'open-logs'; readonly key: ContainerKey }
  /** One view of several logs. */
  | { readonly kind: 'open-merged-logs'; readonly keys: readonly ContainerKey[] }
  | { readonly kind: 'open-describe'; readonly key: ContainerKey }
  | { readonly kind: 'open-inspect'; readonly key: ContainerKey }
  | { readonly kind: 'inspect'; readonly what: InspectDeed }
  | { readonly kind: 'open-diff'; readonly left: ContainerKey; readonly right: ContainerKey }
  /** Shows what differs between any two containers, or hides it. */
  | { readonly kind: 'diff-noise' }
  | WallIntent
  | { readonly kind: 'open-menu'; readonly menu: MenuName }
  | { readonly kind: 'copy-text'; readonly text: string }
  | { readonly kind: 'open-url'; readonly url: string }
  | { readonly kind: 'open-environment'; readonly environmentId: number }
  /** From one view of an environment to the other. */
  | { readonly kind: 'tab' }
  | { readonly kind: 'open-link'; readonly environmentId: number }
  /** Asks whether the agent that waits for a word shall hold the environment. */
  | { readonly kind: 'ask-accept' }
  | {
      readonly kind: 'accept-agent';
      readonly environmentId: number;
      readonly fingerprint: string;
    }
  | { readonly kind: 'open-add' }
  | { readonly kind: 'next-field'; readonly by: 1 | -1 }
  /** The form for signing in again. */
  | { readonly kind: 'open-sign-in' }
  | { readonly kind: 'other-kind' }
  | { readonly kind: 'submit' }
  /** Another way to start the new agent. */
  | { readonly kind: 'next-way'; readonly by: 1 | -1 }
  | { readonly kind: 'copy' }
  /** Leaves the screen on top without asking. */
  | { readonly kind: 'close' }
  | { readonly kind: 'open-shell'; readonly key: ContainerKey }
  | { readonly kind: 'attach'; readonly key: ContainerKey }
  /** Shows what the last command answered. */
  | { readonly kind: 'open-exec' }
  /** Opens the question whether a command shall be run in the targets. */
  | { readonly kind: 'ask-exec'; readonly command: string }
  | { readonly kind: 'run-exec'; readonly command: string; readonly targets: readonly ExecTarget[] }
  | { readonly kind: 'open-help' }
  | { readonly kind: 'open-messages' }
  /** Scopes the list of containers: an environment (drilling in from the list of them), or undefined for all. */
  | {
      readonly kind: 'scope';
      readonly environmentId: number | undefined;
      /** Instead of an environment: all that carry it. */
      readonly tag?: string;
    }
  | { readonly kind: 'prompt'; readonly prompt: PromptKind }
  | { readonly kind: 'switch'; readonly what: Switch }
  | { readonly kind: 'sort'; readonly by: SortKey }
  /** The column beside the one that the list is sorted by. */
  | { readonly kind: 'sort-neighbour'; readonly step: 1 | -1 }
  /** Groups of this kind; of the next one when undefined. */
  | { readonly kind: 'group'; readonly by: Grouping | undefined }
  | { readonly kind: 'go-to-group' }
  | { readonly kind: 'fold-group' }
  | { readonly kind: 'mark' }
  | { readonly kind: 'mark-range' }
  | { readonly kind: 'mark-all' }
  | { readonly kind: 'match'; readonly by: 1 | -1 }
  /** Opens the question whether the targets shall have this done to them. */
  | { readonly kind: 'ask'; readonly action: ContainerAction }
  | {
      readonly kind: 'run';
      readonly action: JobAction;
      readonly planned: readonly PlannedOperation[];
      readonly how: RunHow;
    }
  /** Takes back the last thing that can be taken back. */
  | { readonly kind: 'undo' }
  /** Asks whether what failed or was not tried in a job shall be tried again. */
  | { readonly kind: 'retry'; readonly jobId: number }
  /** Asks whether removed containers shall be made again: those of this name, else those removed last. */
  | { readonly kind: 'recreate'; readonly name: string }
  | { readonly kind: 'open-operations' }
  /** Folds or unfolds the job under the cursor. */
  | { readonly kind: 'fold-job' }
  | { readonly kind: 'escape' }
  | { readonly kind: 'back' }
  | { readonly kind: 'run-help-line' }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'quit'; readonly isSure: boolean }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | LogIntent
  | UseIntent
  | ViewIntent;

export type AppEvent = OutsideEvent | Intent;

/** What the loop is asked to do; each answers with events that name what they answer. */
export type Effect =
  | { readonly kind: 'run-operations'; readonly planned: readonly PlannedOperation[] }
  | { readonly kind: 'cancel-operations'; readonly operationIds: readonly string[] }
  | { readonly kind: 'fetch-inspect'; readonly requestId: number; readonly key: ContainerKey }
  | { readonly kind: 'stop-inspect' }
  | {
      readonly kind: 'fetch-document';
      readonly requestId: number;
      readonly key: ContainerKey;
      /** Whether nothing shall be masked; a server is told first, and notes it. */
      readonly isRevealed: boolean;
    }
  /** Gives up every document that was asked for. */
  | { readonly kind: 'stop-documents' }
  | { readonly kind: 'fetch-disk'; readonly requestId: number; readonly environmentId: number }
  | { readonly kind: 'stop-disk' }
  | { readonly kind: 'fetch-link'; readonly requestId: number; readonly environmentId: number }
  | { readonly kind: 'stop-link' }
  /** Answered like fetch-link. */
  | {
      readonly kind: 'accept-agent';
      readonly requestId: number;
      readonly environmentId: number;
      readonly fingerprint: string;
    }
  | {
      readonly kind: 'add-environment';
      readonly requestId: number;
      readonly draft: EnvironmentDraft;
    }
  | { readonly kind: 'stop-adding' }
  /** Shows it in a browser where there is one. */
  | { readonly kind: 'open-url'; readonly url: string }
  /** Keeps a command for later runs of the console. */
  | { readonly kind: 'keep-command'; readonly line: string }
  | {
      readonly kind: 'sign-in';
      readonly requestId: number;
      readonly username: string;
      readonly password: string;
    }
  | { readonly kind: 'stop-sign-in' }
  | JudgeProblems
  /** Hands the text to the terminal's clipboard; it may be a secret. */
  | { readonly kind: 'copy'; readonly text: string }
  | {
      readonly kind: 'open-shell' | 'attach';
      readonly key: ContainerKey;
      /** For sentences: eu-1/web. */
      readonly name: string;
    }
  | {
      readonly kind: 'run-exec';
      readonly runId: number;
      readonly command: string;
      readonly keys: readonly ContainerKey[];
    }
  | { readonly kind: 'cancel-exec' }
  | { readonly kind: 'resync' }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'quit' }
  | LogEffect
  | ViewEffect
  | UseEffect;
