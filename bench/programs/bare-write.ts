/** The least a program can do: at each key, write as many bytes as BYTES says. What remains is the machine's own time. */
const bytes = Number(process.env.BYTES ?? 1);
const frame = `\x1b[H${'x'.repeat(Math.max(1, bytes - 3))}`;

process.stdin.setRawMode(true);
process.stdin.on('data', (key) => {
  if (key.includes('q')) process.exit(0);
  process.stdout.write(frame);
});
process.stdout.write('READY');
