/**
 * An agent that nobody has claimed must not stay open for whoever comes first for ever: without a pairing for so long,
 * its listener closes (Portainer's agent does the same after 72 h).
 */

export interface PairingWindow extends AsyncDisposable {}

export interface PairingWindowOptions {
  readonly windowMs: number;
  isPaired(): boolean;
  /** Called once, and then no more. */
  onOver(): void;
  readonly now?: () => number;
}

const LONGEST_STEP_MS = 60_000;

/** Looks often enough to be late by a tenth of the window or by a minute. Time counts anew when a pairing is forgotten. */
export function watchPairingWindow(options: PairingWindowOptions): PairingWindow {
  const { windowMs, isPaired, onOver, now = () => performance.now() } = options;
  let unpairedSinceMs = now();
  const look = () => {
    if (isPaired()) {
      unpairedSinceMs = now();
    } else if (now() - unpairedSinceMs >= windowMs) {
      clearInterval(timer);
      onOver();
    }
  };
  const timer = setInterval(look, Math.min(LONGEST_STEP_MS, Math.max(1, windowMs / 10)));
  return { [Symbol.asyncDispose]: async () => clearInterval(timer) };
}
