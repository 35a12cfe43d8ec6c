/** Changes of containers: how they ended, what a key can mean about them, what is asked for. */
import type { ContainerAction } from '../../protocol/operation.ts';
import type { JobAction, PlannedOperation, RunHow } from './job.ts';

/** As OutsideEvent. */
export type JobEvent = {
  readonly kind: 'operation-ended';
  readonly operationId: string;
  readonly outcome: 'done' | 'failed' | 'cancelled';
  /** Why it failed, as a sentence. */
  readonly why?: string;
  /** The settings of what was removed are kept. */
  readonly isKept?: boolean;
  readonly atMs: number;
};

/** As Intent. */
export type JobIntent =
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
  | { readonly kind: 'fold-job' };

/** As Effect. */
export type JobEffect =
  | { readonly kind: 'run-operations'; readonly planned: readonly PlannedOperation[] }
  | { readonly kind: 'cancel-operations'; readonly operationIds: readonly string[] };
