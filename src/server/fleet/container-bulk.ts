/** How much of containers one agent's feed may make us remember: far more than any engine has, and no more than a server can bear. */
import type { Container } from '../../protocol/container.ts';
import { Fault } from '../../protocol/fault.ts';

const MAX_CONTAINERS = 20_000;
const MAX_TEXT = 64 << 20;

/** Characters that a container holds, about. */
function textOf({ name, image, command, labels, networks, ports }: Container): number {
  let sum = name.length + image.length + command.length + 64 * ports.length;
  for (const [key, value] of Object.entries(labels)) sum += key.length + value.length;
  for (const network of networks) sum += network.length;
  return sum;
}

/** Containers by id, with a bound on their number and size. */
export class ContainerBulk {
  #byId = new Map<string, Container>();
  #text = 0;

  get byId(): ReadonlyMap<string, Container> {
    return this.#byId;
  }

  /** Fault bad-peer above the bounds. */
  put(container: Container): void {
    this.remove(container.id);
    this.#text += textOf(container);
    this.#byId.set(container.id, container);
    if (this.#byId.size <= MAX_CONTAINERS && this.#text <= MAX_TEXT) return;
    throw new Fault('bad-peer', 'The agent tells of more containers than any engine can hold.');
  }

  /** Fault bad-peer above the bounds. */
  replace(containers: readonly Container[]): void {
    this.#byId = new Map();
    this.#text = 0;
    for (const container of containers) this.put(container);
  }

  remove(id: string): void {
    const before = this.#byId.get(id);
    if (before === undefined) return;
    this.#text -= textOf(before);
    this.#byId.delete(id);
  }
}
