/** Reads and writes tar archives in memory, reproducibly: fixed owner and time, so that digests are the same everywhere. */

const BLOCK = 512;
const MTIME = 1_704_067_200; // 2024-01-01

/** @typedef {{ name: string, data?: Buffer, link?: string, dir?: boolean, mode?: number }} Entry */

/** A ustar archive of the entries; a name may have at most 99 bytes. */
export function tar(/** @type {Entry[]} */ entries) {
  const parts = entries.flatMap((entry) => {
    const data = entry.link ? Buffer.alloc(0) : (entry.data ?? Buffer.alloc(0));
    return [header(entry, data.length), data, Buffer.alloc(-data.length & (BLOCK - 1))];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** The archive of one entry without the two zero blocks that end an archive: to be written one after the other. */
export function tarPiece(/** @type {Entry} */ entry) {
  return tar([entry]).subarray(0, -2 * BLOCK);
}

/** Yields [name, data] of each member. */
export function* readTar(/** @type {Buffer} */ archive) {
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8);
    const name = archive.toString('latin1', at, at + 100).replace(/\0.*/s, '');
    yield [name, archive.subarray(at + BLOCK, at + BLOCK + size)];
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function header(entry, size) {
  const block = Buffer.alloc(BLOCK);
  const octal = (value, at, length) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at);
  const name = entry.dir ? entry.name.replace(/\/?$/, '/') : entry.name;
  if (Buffer.byteLength(name) > 99) throw new Error(`name too long: ${name}`);
  block.write(name, 0);
  octal(entry.mode ?? (entry.dir ? 0o755 : 0o644), 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(MTIME, 136, 12);
  block.write('        ', 148);
  block.write(entry.link ? '2' : entry.dir ? '5' : '0', 156);
  if (entry.link) block.write(entry.link, 157);
  block.write('ustar\x0000', 257);
  block.write('root', 265);
  block.write('root', 297);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
