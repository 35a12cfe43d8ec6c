/** Asks an engine for a container's processes in the richest words its ps understands, and remembers which those were. */
import type Docker from 'dockerode';
import { Fault } from '../protocol/fault.ts';
import type { ProcessList } from '../protocol/sample.ts';
import { isLoose } from './loose.ts';
import { PS_ARGUMENTS, readProcesses } from './process-words.ts';

/** One engine's way of listing processes. */
export class ProcessLister {
  #known = 0;

  /** Rejects with dockerode's own errors, or with a Fault when no way brought a table. */
  async list(docker: Docker, id: string, abortSignal: AbortSignal): Promise<ProcessList> {
    let failure: unknown;
    for (let way = this.#known; way < PS_ARGUMENTS.length; way += 1) {
      const arguments_ = PS_ARGUMENTS[way];
      try {
        const query = arguments_ === undefined ? {} : { ps_args: arguments_ };
        const answer: unknown = await docker
          .getContainer(id)
          .top({ ...query, abortSignal } as never);
        const processes = readProcesses(answer);
        if (processes && processes.length > 0) {
          this.#known = way;
          return { processes };
        }
      } catch (thrown) {
        if (isFinal(thrown) || abortSignal.aborted) throw thrown;
        failure = thrown;
      }
    }
    throw failure ?? new Fault('bad-peer', 'the engine sent no table of processes');
  }
}

/** No other words help: it is gone or does not run, or the way to the engine broke. */
function isFinal(thrown: unknown): boolean {
  if (thrown instanceof Fault) return true;
  const { statusCode, code } = isLoose(thrown) ? thrown : {};
  return code !== undefined || statusCode === 404 || statusCode === 409;
}
