/** From a name that somebody typed to the one thing it means. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { Environment } from '../../protocol/environment.ts';
import { printable } from '../format/width.ts';
import { containerAt, environmentIdOf, environmentName } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';

export type Named =
  | { readonly kind: 'one'; readonly key: ContainerKey }
  /** A sentence: nothing has the name, or too much. */
  | { readonly kind: 'none'; readonly why: string };

/** The environment of this name, else the first whose name begins so. */
export function environmentNamed(state: AppState, name: string): Environment | undefined {
  const all = [...shownFleet(state).environments.values()];
  const wanted = name.toLowerCase();
  return (
    all.find((environment) => environment.name.toLowerCase() === wanted) ??
    all.find((environment) => environment.name.toLowerCase().startsWith(wanted))
  );
}

/** The container of a name: web, eu-1/web or web@eu-1; the beginning of a name will do where nothing has it whole. */
export function containersNamed(state: AppState, text: string): Named {
  const found = findByName(state, withHostFirst(text.toLowerCase()));
  const [key] = found;
  if (key === undefined) return { kind: 'none', why: `No container is called ${text}.` };
  if (found.length === 1) return { kind: 'one', key };
  const fleet = shownFleet(state);
  const names = found.slice(0, 4).map((other) => {
    const container = containerAt(fleet, other);
    return container ? `${environmentName(fleet, environmentIdOf(other))}/${container.name}` : '';
  });
  const more = found.length > names.length ? ' …' : '';
  const listed = printable(names.join(', '));
  const why = `${text} is the name of ${found.length} containers: ${listed}${more}. Say which.`;
  return { kind: 'none', why };
}

/** web@eu-1 is eu-1/web. */
function withHostFirst(text: string): string {
  const at = text.lastIndexOf('@');
  return at < 0 ? text : `${text.slice(at + 1)}/${text.slice(0, at)}`;
}

/** Containers of exactly this name (or environment/name), else those whose name begins so. */
function findByName(state: AppState, wanted: string): readonly ContainerKey[] {
  const fleet = shownFleet(state);
  const exact: ContainerKey[] = [];
  const begin: ContainerKey[] = [];
  for (const [id, containers] of fleet.containers) {
    const host = environmentName(fleet, id).toLowerCase();
    for (const [key, container] of containers) {
      const name = container.name.toLowerCase();
      if (name === wanted || `${host}/${name}` === wanted) exact.push(key);
      else if (name.startsWith(wanted) || `${host}/${name}`.startsWith(wanted)) begin.push(key);
    }
  }
  return exact.length > 0 ? exact : begin;
}
