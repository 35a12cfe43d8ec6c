/** Time that passes, whatever happens to the clock of the day. Asking `performance` would load node:perf_hooks, a third of a MiB. */

/** Milliseconds since the process began, with fractions; never goes back. */
export function monotonicMs(): number {
  return process.uptime() * 1_000;
}
