/** One deed on several objects of a server, one after the other, and how far it came. */
import { asFault } from '../protocol/fault.ts';
import type { Outcome } from './model/outcome.ts';

/** Never rejects; the first that fails ends it. `otherwise` is the sentence for what gives no reason itself. */
export async function oneByOne<Id>(
  ids: readonly Id[],
  deed: (id: Id) => Promise<void>,
  otherwise: string,
): Promise<Outcome> {
  let done = 0;
  try {
    for (const id of ids) {
      await deed(id);
      done += 1;
    }
    return { done, all: ids.length, why: undefined };
  } catch (thrown) {
    return { done, all: ids.length, why: asFault(thrown, 'internal', otherwise).message };
  }
}
