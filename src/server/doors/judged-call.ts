/** A call on an engine as it is judged: who makes it, where, and what it is. */
import type { Access } from '../fleet/access-book.ts';
import type { Grant } from '../fleet/grant.ts';
import type { EngineCall } from '../fleet/permissions.ts';

export interface GuardedCall extends EngineCall {
  readonly grant: Grant;
  readonly access: Access;
}
