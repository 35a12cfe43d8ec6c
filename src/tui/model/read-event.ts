/** What engines answer for the views of one thing: its inspect answer, its past, its disk. */
import type { DiskUsage } from '../../protocol/disk-usage.ts';
import type { Json } from './document.ts';
import type { PastEvent } from './past-event.ts';

/** As OutsideEvent. */
export type ReadEvent =
  | {
      readonly kind: 'document-read';
      readonly requestId: number;
      readonly answer: { readonly document: Json } | { readonly why: string };
      /** Whether nothing in it is masked. */
      readonly isRevealed: boolean;
      readonly atMs: number;
    }
  | {
      readonly kind: 'past-read';
      /** Of the inspection it belongs to. */
      readonly requestId: number;
      readonly events: readonly PastEvent[];
      readonly atMs: number;
    }
  | {
      readonly kind: 'disk-read';
      readonly requestId: number;
      readonly answer: { readonly usage: DiskUsage } | { readonly why: string };
      readonly atMs: number;
    };
