/** A series of steps, each with its own time and its own sentence; a step that needs a failed one is skipped and says so. */
import { asFault, Fault } from '../../protocol/fault.ts';

export type StepState = 'ok' | 'warning' | 'failed' | 'skipped';

export interface StepResult {
  readonly step: string;
  readonly state: StepState;
  readonly durationMs: number;
  readonly sentence: string;
}

/** What a step found; a step that throws a Fault has failed with its sentence. */
export interface Finding<T = undefined> {
  readonly sentence: string;
  readonly isWarning?: boolean;
  /** For the steps that follow. */
  readonly value: T;
}

const DEADLINE_MS = 20_000;

export class Examination {
  readonly results: StepResult[] = [];

  get hasFailed(): boolean {
    return this.results.some(({ state }) => state === 'failed');
  }

  /** Runs the step and returns its value, or undefined when it failed; never rejects. */
  async step<T>(
    step: string,
    work: (signal: AbortSignal) => Promise<Finding<T>> | Finding<T>,
  ): Promise<T | undefined> {
    const startMs = performance.now();
    const note = (state: StepState, sentence: string) => {
      const durationMs = Math.round(performance.now() - startMs);
      this.results.push({ step, state, durationMs, sentence });
    };
    try {
      const { sentence, isWarning, value } = await withDeadline(work);
      note(isWarning ? 'warning' : 'ok', sentence);
      return value;
    } catch (thrown) {
      const { message, details } = asFault(thrown, 'internal', `This step failed: ${thrown}.`);
      note('failed', [message, details].filter(Boolean).join(' '));
      return undefined;
    }
  }

  skip(step: string, sentence: string): void {
    this.results.push({ step, state: 'skipped', durationMs: 0, sentence });
  }
}

async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<Finding<T>> | Finding<T>,
): Promise<Finding<T>> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Fault('timeout', `No outcome within ${DEADLINE_MS / 1000} seconds.`));
      stop.abort();
    }, DEADLINE_MS);
  });
  try {
    return await Promise.race([work(stop.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
