import { expect, test } from 'vitest';
import { terminalText } from '../../src/agent/api/terminal-text.ts';

function frame(stream: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function inPieces(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

const WORDS = 'grün 船 🚢 done';

test.each([1, 2, 3, 5, 8, 100])('with a terminal, in pieces of %d bytes', (size) => {
  const text = terminalText(true);
  const got = inPieces(Buffer.from(WORDS), size).map((piece) => text.push(piece));
  expect(got.join('')).toBe(WORDS);
});

test.each([1, 3, 7, 9, 100])('frames of both streams, in pieces of %d bytes', (size) => {
  const [start, end] = [Buffer.from('🚢').subarray(0, 2), Buffer.from('🚢').subarray(2)];
  // A character of stdout is interrupted by a whole message on stderr, and an empty frame is none.
  const frames = [
    frame(1, start),
    frame(2, Buffer.from('oh')),
    frame(1, Buffer.alloc(0)),
    frame(1, end),
  ];
  const text = terminalText(false);
  const got = inPieces(Buffer.concat(frames), size).map((piece) => text.push(piece));
  expect(got.join('')).toBe('oh🚢');
});
