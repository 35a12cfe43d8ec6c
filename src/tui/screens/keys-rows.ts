/** Keys that mean the same in every list of rows: its order, the way back to the whole fleet, the log of the row's container. */
import type { Binding } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import { subjectKey } from '../model/subject.ts';

/** The key of an order; pressed again it reverses that, which is what the intent has to mean. */
export function sortKey(key: string, by: string, label: string, intent: Intent): Binding {
  return {
    action: `sort-${by}`,
    keys: [key],
    label: `sort by ${label}; again reverses`,
    group: 'list',
    press: () => intent,
  };
}

/** Out of a scope. */
export const SCOPE_ALL_KEY: Binding = {
  action: 'scope-all',
  keys: ['0'],
  label: 'all environments again',
  group: 'list',
  press: () => ({ kind: 'scope', environmentId: undefined }),
};

/** The log of the container that the screen is about; `whyNone`, a clause, where it is about none. */
export function logsKey(label: string, whyNone: string): Binding {
  return {
    action: 'logs',
    keys: ['l'],
    label,
    hint: 'logs',
    group: 'look',
    needs: 'logs',
    press: (state) => {
      const key = subjectKey(state);
      return key === undefined ? whyNone : { kind: 'open-logs', key };
    },
  };
}
