/** The screens that can lie on the stack. What only an open view needs lives in its entry and goes when it is left. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { AuditRowScreen, AuditScreen } from './audit-view.ts';
import type { DiffScreen } from './diff-view.ts';
import type { EnvironmentScreen } from './environment-view.ts';
import type { RecoveryCodesScreen } from './factor-form.ts';
import type { FormScreen } from './form.ts';
import type { InfoScreen } from './info-view.ts';
import type { InspectScreen } from './inspect-view.ts';
import type { Inspection } from './inspection.ts';
import type { KeyMadeScreen } from './key-made.ts';
import type { LinkScreen } from './link-view.ts';
import type { LogsScreen } from './log-view.ts';
import type { MetricsScreen } from './metrics-view.ts';
import type { AddedScreen } from './new-environment.ts';
import type { OperationsScreen } from './operation-list.ts';
import type { PastEvent } from './past-event.ts';
import type { PeopleScreen } from './people-view.ts';
import type { ProcessesScreen } from './processes-view.ts';
import type { RowScreen } from './row-screen.ts';
import type { WallScreen } from './wall.ts';

export interface DescribeScreen {
  readonly kind: 'describe';
  readonly key: ContainerKey;
  /** Names the request in events: only the answer to the last one counts. */
  readonly requestId: number;
  readonly top: number;
  /** What its engine remembers of it, oldest first; empty until it has told it. */
  readonly events: readonly PastEvent[];
  readonly answer:
    | { readonly kind: 'loading' }
    | { readonly kind: 'ready'; readonly inspection: Inspection; readonly atMs: number }
    | { readonly kind: 'failed'; readonly why: string };
}

export interface HelpScreen {
  readonly kind: 'help';
  /** The screen whose keys are explained. */
  readonly of: ScreenName;
  readonly search: string;
  readonly at: number;
  /** Whether what the account may not do is listed too. */
  readonly isUnfolded?: boolean;
}

export interface MessagesScreen {
  readonly kind: 'messages';
  /** Rows scrolled away from the newest message. */
  readonly top: number;
}

/** The results of the last command that was run in containers; they lie in the state, not here. */
export interface ExecScreen {
  readonly kind: 'exec';
  readonly top: number;
  /** Cells scrolled away at the left. */
  readonly column: number;
}

/** One line of the log below it. */
export interface LogLineScreen {
  readonly kind: 'log-line';
  /** Its number in the log. */
  readonly line: number;
  /** Which part of a very long line is shown, from 0 on. */
  readonly part: number;
  readonly top: number;
}

export type Screen =
  | PeopleScreen
  | FormScreen
  | KeyMadeScreen
  | RecoveryCodesScreen
  | AuditScreen
  | AuditRowScreen
  | { readonly kind: 'environments' }
  | { readonly kind: 'containers' }
  | LogsScreen
  | LogLineScreen
  | DescribeScreen
  | InspectScreen
  | DiffScreen
  | MetricsScreen
  | ProcessesScreen
  | HelpScreen
  | MessagesScreen
  | LinkScreen
  | EnvironmentScreen
  | AddedScreen
  | ExecScreen
  | OperationsScreen
  | RowScreen
  | InfoScreen
  | WallScreen;

export type ScreenName = Screen['kind'];
