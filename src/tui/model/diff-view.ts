/** The view of what differs between two containers, or between two moments of one. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { Json } from './document.ts';
import { type DocumentDiff, diffDocuments } from './document-diff.ts';

export interface DiffSide {
  /** eu-1/web */
  readonly title: string;
  /** Undefined for a document that was handed over. */
  readonly key: ContainerKey | undefined;
  /** Names the request in events; 0 when nothing is asked. */
  readonly requestId: number;
  readonly document: Json | undefined;
  /** Why it could not be had. */
  readonly why: string | undefined;
}

export interface DiffScreen {
  readonly kind: 'diff';
  readonly left: DiffSide;
  readonly right: DiffSide;
  /** Undefined until both sides are there. */
  readonly diff: DocumentDiff | undefined;
  readonly hasNoise: boolean;
  readonly top: number;
}

/** The view with what differs, once both sides are there. */
export function compared(screen: DiffScreen): DiffScreen {
  const [left, right] = [screen.left.document, screen.right.document];
  if (left === undefined || right === undefined) return { ...screen, diff: undefined };
  return { ...screen, diff: diffDocuments(left, right) };
}
