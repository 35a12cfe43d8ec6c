/** The shape of the table that says what starts each effect; every subject brings its rows. */
import type { Effect } from './model/event.ts';

export type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

/** What starts each of these kinds of effect. A row returns at once and never throws. */
export type EffectRows<Kind extends Effect['kind']> = {
  readonly [K in Kind]: (effect: EffectOf<K>) => void;
};
