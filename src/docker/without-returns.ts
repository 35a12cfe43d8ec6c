/** The output of a terminal that nobody asked for, its lines ended as those of a pipe. */
import { type Duplex, Transform } from 'node:stream';
import { readThrough } from './read-through.ts';

/** CR LF becomes LF in what is read; a lone CR stays. */
export function withoutReturns(raw: Duplex): Duplex {
  let held = '';
  const bare = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = held + chunk.toString('latin1');
      held = text.endsWith('\r') ? '\r' : '';
      const whole = text.slice(0, text.length - held.length);
      done(null, Buffer.from(whole.replaceAll('\r\n', '\n'), 'latin1'));
    },
    flush(done) {
      done(null, Buffer.from(held, 'latin1'));
    },
  });
  return readThrough(raw, bare);
}
