/** Which containers of the live model an account is told of: all of an environment that it sees, or only those it may use. */
import type { AccessBook } from './access-book.ts';
import type { Grant } from './grant.ts';
import { isLimited, maySee } from './permissions.ts';
import type { ResourceControls } from './resource-controls.ts';

export interface SightParts {
  readonly access: AccessBook;
  readonly controls: ResourceControls;
}

/** Whether an account is told of a container, or, with null, of the environment itself. */
export function seesContainer(
  { access, controls }: SightParts,
  grant: Grant,
  environmentId: number,
  id: string | null,
): boolean {
  const asked = access.of(environmentId);
  if (!maySee(grant, asked)) return false;
  return (
    id === null || !isLimited(grant, asked) || controls.mayUseContainer(grant, environmentId, id)
  );
}
