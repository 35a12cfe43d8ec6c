/** A stream whose incoming side goes through a transform. */
import { Duplex, type Transform } from 'node:stream';

/** What is written goes on as it is; what is read comes out of `bare`. Destroying it destroys the stream beneath. */
export function readThrough(raw: Duplex, bare: Transform): Duplex {
  raw.on('error', (error) => bare.destroy(error));
  raw.once('close', () => {
    // A connection that breaks off ends without an 'end'.
    if (!bare.writableEnded) bare.end();
  });
  raw.pipe(bare);
  const both = Duplex.from({ readable: bare, writable: raw });
  both.once('close', () => raw.destroy());
  return both;
}
