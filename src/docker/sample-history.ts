/**
 * What containers used over the last hour, in memory: 64 bytes a point, a million points or 64 MB in all. With 2,700 containers
 * at a point every ten seconds that is the full hour, with 10,000 a quarter of it; more containers share what there is.
 */
import type { ContainerSample, SamplePoint } from '../protocol/sample.ts';

const MOST_POINTS = 1_000_000;
const MOST_EACH = 360;
const FIRST_ROOM = 8;

const FIELDS = [
  'cpuCores',
  'memoryBytes',
  'networkInRate',
  'networkOutRate',
  'blockReadRate',
  'blockWriteRate',
] as const;
/** Time, the fields, and one to spare for a whole power of two. */
const STRIDE = 8;

/** Points by key, the oldest thrown away first. */
export class SampleHistory {
  readonly #rings = new Map<string, Ring>();
  readonly #mostPoints: number;

  constructor(mostPoints = MOST_POINTS) {
    this.#mostPoints = mostPoints;
  }

  add(key: string, sample: ContainerSample): void {
    let ring = this.#rings.get(key);
    if (ring === undefined) {
      ring = new Ring();
      this.#rings.set(key, ring);
    }
    const each = Math.max(1, Math.floor(this.#mostPoints / this.#rings.size));
    ring.add(sample, Math.min(MOST_EACH, each));
  }

  /** Oldest first; none for a key that is not known. */
  points(key: string): readonly SamplePoint[] {
    return this.#rings.get(key)?.points() ?? [];
  }

  drop(key: string): void {
    this.#rings.delete(key);
  }

  /** Forgets every key of which this says so. */
  forget(isGone: (key: string) => boolean): void {
    for (const key of this.#rings.keys()) if (isGone(key)) this.#rings.delete(key);
  }
}

class Ring {
  #values = new Float64Array(FIRST_ROOM * STRIDE);
  #room = FIRST_ROOM;
  #next = 0;
  #count = 0;

  add(sample: ContainerSample, room: number): void {
    if (this.#count === this.#room && this.#room < room)
      this.#resize(Math.min(room, this.#room * 2));
    else if (this.#room > room) this.#resize(room);
    const at = this.#next * STRIDE;
    this.#values[at] = sample.atMs;
    for (const [index, field] of FIELDS.entries())
      this.#values[at + 1 + index] = sample[field] ?? Number.NaN;
    this.#next = (this.#next + 1) % this.#room;
    this.#count = Math.min(this.#room, this.#count + 1);
  }

  points(): SamplePoint[] {
    return Array.from({ length: this.#count }, (_, index) => this.#point(this.#offset(index)));
  }

  /** Where the values of the index-th oldest point begin. */
  #offset(index: number): number {
    return ((this.#next - this.#count + index + this.#room) % this.#room) * STRIDE;
  }

  #point(at: number): SamplePoint {
    const value = (index: number): number | null => {
      const known = this.#values[at + index] ?? Number.NaN;
      return Number.isNaN(known) ? null : known;
    };
    return {
      atMs: value(0) ?? 0,
      cpuCores: value(1),
      memoryBytes: value(2) ?? 0,
      networkInRate: value(3),
      networkOutRate: value(4),
      blockReadRate: value(5),
      blockWriteRate: value(6),
    };
  }

  #resize(room: number): void {
    const kept = Math.min(room, this.#count);
    const values = new Float64Array(room * STRIDE);
    for (let index = 0; index < kept; index += 1) {
      const from = this.#offset(this.#count - kept + index);
      values.set(this.#values.subarray(from, from + STRIDE), index * STRIDE);
    }
    this.#values = values;
    this.#room = room;
    this.#count = kept;
    this.#next = kept % room;
  }
}
