/** Moments as text, in the time zone of the person's machine. */

const two = (number: number) => String(number).padStart(2, '0');

/** `12:04:11` */
export function formatClock(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `2026-08-22 12:04:11` */
export function formatMoment(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${formatClock(atMs)}`;
}

/** `2026-08-22 12:04:11.038` */
export function formatExactMoment(atMs: number): string {
  return `${formatMoment(atMs)}.${String(Math.trunc(atMs) % 1000).padStart(3, '0')}`;
}
