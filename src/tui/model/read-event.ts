/** The views of one thing: what engines answer for them (inspect, its past, its disk), what a key can mean, what is asked for. */
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { DiskUsage } from '../../protocol/disk-usage.ts';
import type { Json } from './document.ts';
import type { Inspection } from './inspection.ts';
import type { PastEvent } from './past-event.ts';

/** What the view of an inspect answer can be asked for. */
export type InspectDeed =
  | 'fold'
  | 'form'
  | 'wrap'
  | 'auto'
  | 'reveal'
  | 'copy-value'
  | 'copy-path'
  | 'changes';

/** As OutsideEvent. */
export type ReadEvent =
  | {
      readonly kind: 'inspected';
      readonly requestId: number;
      readonly answer: Inspection | { readonly why: string };
      readonly atMs: number;
    }
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

/** As Intent. */
export type ReadIntent =
  | { readonly kind: 'open-describe'; readonly key: ContainerKey }
  | { readonly kind: 'open-inspect'; readonly key: ContainerKey }
  | { readonly kind: 'inspect'; readonly what: InspectDeed }
  | { readonly kind: 'open-diff'; readonly left: ContainerKey; readonly right: ContainerKey }
  /** Shows what differs between any two containers, or hides it. */
  | { readonly kind: 'diff-noise' };

/** As Effect. */
export type ReadEffect =
  | { readonly kind: 'fetch-inspect'; readonly requestId: number; readonly key: ContainerKey }
  | { readonly kind: 'stop-inspect' }
  | {
      readonly kind: 'fetch-document';
      readonly requestId: number;
      readonly key: ContainerKey;
      /** Whether nothing shall be masked; a server is told first, and notes it. */
      readonly isRevealed: boolean;
    }
  /** Gives up every document that was asked for. */
  | { readonly kind: 'stop-documents' };
