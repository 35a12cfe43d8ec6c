/** Whose account must have a second factor: whom a rule holds up, in numbers and names. */
import type { Directory, Person } from '../../protocol/people.ts';
import type { RequiredOf } from '../../protocol/required-factor.ts';

/** Whom the rule is about, and those of them who have a password and no factor yet. */
export function concernedBy(
  { users, factors }: Pick<Directory, 'users' | 'factors'>,
  rule: RequiredOf,
): { readonly all: readonly Person[]; readonly without: readonly Person[] } {
  const isIn = ({ isAdministrator }: Person) => rule === 'everybody' || isAdministrator;
  const all = rule === 'nobody' ? [] : users.filter(isIn);
  const open = new Set(factors?.without);
  return { all, without: all.filter(({ id }) => open.has(id)) };
}
