/** Being in a container, and running a command in several: what comes of it, what a key can mean, what is asked for. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { ExecResult, ExecTarget } from './exec.ts';

/** How a stay in a container came to its end. */
export type ShellOutcome =
  /** The process ended, with its status where somebody knows it, or the container was detached from. */
  | { readonly kind: 'ended'; readonly status: number | null }
  | { readonly kind: 'left' }
  /** Why there was none, as a sentence. */
  | { readonly kind: 'failed'; readonly why: string };

/** As OutsideEvent. */
export type GuestEvent =
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
    };

/** As Intent. */
export type GuestIntent =
  | { readonly kind: 'open-shell'; readonly key: ContainerKey }
  | { readonly kind: 'attach'; readonly key: ContainerKey }
  /** Shows what the last command answered. */
  | { readonly kind: 'open-exec' }
  /** Opens the question whether a command shall be run in the targets. */
  | { readonly kind: 'ask-exec'; readonly command: string }
  | {
      readonly kind: 'run-exec';
      readonly command: string;
      readonly targets: readonly ExecTarget[];
    };

/** As Effect. */
export type GuestEffect =
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
  | { readonly kind: 'cancel-exec' };
