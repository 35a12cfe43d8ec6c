/** Loaded before a program (node --require): at SIGUSR2 it writes what Node has loaded for the program into the file LOADED_FILE. */
const { readFileSync, renameSync, writeFileSync } = require('node:fs');

/** All pages of the process, in KiB (proc(5)). */
const residentKiB = () =>
  Number(/^Rss:\s+(\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))[1]);

process.on('SIGUSR2', () => {
  const modules = process.moduleLoadList
    .filter((name) => name.startsWith('NativeModule '))
    .map((name) => name.slice('NativeModule '.length));
  residentKiB();
  const beforeKiB = residentKiB();
  // Names the local time zone: brings in what ICU knows of them, unless it is here already.
  String(new Date());
  const timeZonesKiB = residentKiB() - beforeKiB;
  const file = process.env.LOADED_FILE;
  writeFileSync(`${file}.new`, JSON.stringify({ modules, timeZonesKiB }));
  renameSync(`${file}.new`, file);
});
