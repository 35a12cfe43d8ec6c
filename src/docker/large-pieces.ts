/** How much a stream takes in before it asks to wait, for programs through which bytes pass. */
import { setDefaultHighWaterMark } from 'node:stream';

/** Node 22's own default; Node 20's is 16 KiB, at which each piece of a download waits for the one before. */
const PIECE_BYTES = 64 * 1024;

/** For the whole process, and for the streams that are made from now on. */
export function passInLargePieces(): void {
  setDefaultHighWaterMark(false, PIECE_BYTES);
}
