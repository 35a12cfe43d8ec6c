/**
 * The terminal's clipboard by OSC 52, which also reaches a person's own machine through SSH. The terminal never answers,
 * so nobody knows whether it obeyed. What lies between (tmux, screen) lets it through only in a wrapping of its own.
 */
import { COPY_LIMIT_BYTES } from '../format/copy-limit.ts';

/** GNU screen passes strings on only up to this length. */
const SCREEN_PIECE = 768;

/** `no-clipboard`: a terminal that surely has none. */
export type CopyOutcome = 'sent' | 'too-long' | 'no-clipboard';

/** Writes the text as the terminal and what lies between want it; a text that is too long is not written at all. */
export function sendToClipboard(
  text: string,
  env: NodeJS.ProcessEnv,
  output: { write(bytes: string): void },
): CopyOutcome {
  const bytes = clipboardBytes(text, env);
  if (bytes === undefined) return 'too-long';
  output.write(bytes);
  return 'sent';
}

/** The bytes that hand the text to the clipboard; undefined when it is too long. */
export function clipboardBytes(text: string, env: NodeJS.ProcessEnv): string | undefined {
  const content = Buffer.from(text);
  if (content.length > COPY_LIMIT_BYTES) return undefined;
  const sequence = `\x1b]52;c;${content.toString('base64')}\x07`;
  // With set-clipboard on, tmux takes the plain one; with allow-passthrough, it hands the wrapped one on.
  if (env.TMUX) return `${sequence}\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
  if (env.STY || env.TERM?.startsWith('screen')) return inScreen(sequence);
  return sequence;
}

function inScreen(sequence: string): string {
  let wrapped = '';
  for (let at = 0; at < sequence.length; at += SCREEN_PIECE)
    wrapped += `\x1bP${sequence.slice(at, at + SCREEN_PIECE)}\x1b\\`;
  return wrapped;
}
