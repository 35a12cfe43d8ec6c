/** Keys of the audit screen and of one row of it, and `:audit`. */

import type { AuditRecord } from '../../protocol/audit.ts';
import { auditRows } from '../model/audit-view.ts';
import type { Binding, Command } from '../model/binding.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { searchKey } from './keys-global.ts';
import { SAVE_KEY } from './keys-scopes.ts';

function rowOf(state: AppState): AuditRecord | undefined {
  const screen = topScreen(state);
  if (screen.kind === 'audit-row') return screen.record;
  if (screen.kind !== 'audit') return undefined;
  const { selected } = screen.cursor;
  return auditRows(screen, shownFleet(state)).find(({ sequence }) => sequence === selected);
}

const COPY_ROW_KEY: Binding = {
  action: 'copy',
  keys: ['c'],
  label: 'copy the row as JSON (OSC 52)',
  hint: 'copy',
  group: 'look',
  press: (state) => {
    const record = rowOf(state);
    if (!record) return 'no row is selected';
    return { kind: 'copy-text', text: JSON.stringify(record) };
  },
};

export const AUDIT_KEYS: readonly Binding[] = [
  {
    action: 'open-row',
    keys: ['enter', 'd'],
    label: 'everything that the row says',
    hint: 'open',
    group: 'look',
    press: (state) => {
      const record = rowOf(state);
      return record ? { kind: 'open-audit-row', record } : 'no row is selected';
    },
  },
  searchKey(
    'filter',
    'filter: words, user:kim, env:eu-1, action:exec, status:403, since:2h, !word',
  ),
  COPY_ROW_KEY,
  {
    action: 'verify',
    keys: ['V'],
    label: 'check anew whether the whole trail is as it was written',
    hint: 'verify',
    group: 'look',
    press: () => ({ kind: 'verify-trail' }),
  },
  {
    ...SAVE_KEY,
    label: 'save the rows that the filter leaves as JSON lines in the working folder',
  },
];

export const AUDIT_ROW_KEYS: readonly Binding[] = [COPY_ROW_KEY, SAVE_KEY];

export const AUDIT_COMMAND: Command = {
  names: ['audit'],
  argument: 'FILTER',
  label: 'the audit trail: who changed or saw what',
  needs: 'administrator',
  run: (state, filterText) =>
    state.serverUrl === undefined
      ? 'There is no server behind this console, and so no audit trail.'
      : { kind: 'open-audit', filterText },
};
