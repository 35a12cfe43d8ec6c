/** How the console looks and is pointed at: skins and the mouse, as parts of events, intents and effects. */
import type { SkinName } from './skin-names.ts';

/** As OutsideEvent. */
export type LookEvent =
  | {
      /** The mouse, where the terminal reports it; in cells from 0,0 at the top left. */
      readonly kind: 'pointer';
      readonly act: 'press' | 'wheel-up' | 'wheel-down';
      readonly top: number;
      readonly left: number;
      readonly atMs: number;
    }
  | {
      readonly kind: 'setting-kept';
      /** As in the effect. */
      readonly told: string;
      /** The file it stands in now or, as a sentence, why it is in none. */
      readonly outcome: { readonly path: string } | { readonly why: string };
      readonly atMs: number;
    };

/** As Intent. */
export type LookIntent = { readonly kind: 'skin'; readonly name: SkinName };

/** As Effect. */
export type LookEffect = {
  /** Writes one setting into config.json. */
  readonly kind: 'keep-setting';
  readonly name: string;
  readonly value: string;
  /** A sentence on what holds now, to be said with what became of it. */
  readonly told: string;
};

/** A press of the mouse: a second one at the same place and soon makes it double. */
export interface Pressed {
  readonly top: number;
  readonly left: number;
  readonly atMs: number;
}
