/**
 * Texts that containers have in common (images, commands, networks, values of labels), kept once for the whole program: out of
 * JSON each container comes with copies of its own, a third of what it takes in memory.
 */
import type { Container } from '../protocol/container.ts';

/** When there are more the table begins anew: nothing grows with what has been. */
const MOST_TEXTS = 20_000;
const LONGEST_TEXT = 256;

const known = new Map<string, string>();

function shared(text: string): string {
  if (text.length > LONGEST_TEXT) return text;
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= MOST_TEXTS) known.clear();
  known.set(text, text);
  return text;
}

/** The same container, with the texts of those that came before it. */
export function withSharedTexts(container: Container): Container {
  const { image, imageId, command, networks, labels } = container;
  return {
    ...container,
    image: shared(image),
    imageId: shared(imageId),
    command: shared(command),
    networks: networks.map(shared),
    labels: Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [name, shared(value)]),
    ),
  };
}
