/** What a command does with the data folder of a stopped server, and what it says when that can't be had. */
import { Fault } from '../protocol/fault.ts';
import type { Store } from './store/store.ts';

export interface DataTools {
  /** Rejects with a Fault when the folder is in use or holds no store. */
  readonly open: (folder: string) => Promise<Store>;
  readonly print: (line: string) => void;
}

export interface DataWork {
  readonly folder: string;
  /** The exit status. */
  readonly run: (store: Store) => Promise<number>;
  /** What does the same while the server runs. */
  readonly whileItRuns: string;
}

/** The exit status of the work, or 1 when a Fault ended it. */
export async function onStoppedData({ open, print }: DataTools, work: DataWork): Promise<number> {
  try {
    await using store = await open(work.folder);
    return await work.run(store);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    print(thrown.message);
    if (thrown.code === 'data-in-use') print(`While it runs: ${work.whileItRuns}.`);
    return 1;
  }
}
