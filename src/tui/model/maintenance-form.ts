/** The form in which a person says that environments are worked on: for how long, and why. */
import { LONGEST_WHY } from '../../protocol/maintenance-wish.ts';
import { choiceField, type FilledForm, type Option, textField } from './form.ts';

const HOUR_MS = 3_600_000;
const SPANS: readonly Option[] = [
  { label: '1 hour', value: '1' },
  { label: '2 hours', value: '2' },
  { label: '4 hours', value: '4' },
  { label: '8 hours', value: '8' },
  { label: 'a day', value: '24' },
  { label: 'a week', value: '168' },
];

/** `what` names the environments with these ids: `eu-1`, `3 environments`. */
export function maintenanceForm(ids: readonly number[], what: string): FilledForm {
  return {
    title: `maintenance of ${what}`,
    submitLabel: 'begin',
    lead: 'The wall and the list show it as = with what is left of it, whatever goes on there; everybody is told who and why. = again ends it.',
    isSentAtOnce: true,
    fields: [textField('why', 'why'), choiceField('hours', 'for', SPANS)],
    read: (values) => {
      const why = (values['why'] ?? '').trim();
      if (why === '') return { field: 'why', sentence: 'Say why: others will see it on the wall.' };
      if (why.length > LONGEST_WHY) {
        return { field: 'why', sentence: `At most ${LONGEST_WHY} characters.` };
      }
      const forMs = Number(values['hours']) * HOUR_MS;
      return { kind: 'maintain', ids, wish: { forMs, why } };
    },
  };
}
