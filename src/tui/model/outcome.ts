/** How far a deed on several objects came that was done on one after the other. */
export interface Outcome {
  /** How many are done. */
  readonly done: number;
  /** Of how many it was wanted. */
  readonly all: number;
  /** Why the next one failed, as a sentence; undefined when all are done. */
  readonly why: string | undefined;
}
