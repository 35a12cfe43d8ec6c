/**
 * What of a recording may reach the terminal it is shown in: text, colours, and the cursor with what it clears. Titles,
 * clipboards, links, questions to the terminal, printers and every other sequence stay out: what a program wrote into a
 * recording was not written for whoever looks at it.
 */

/** Cursor, clearing, scrolling, inserting and colours. */
const SHOWN_FINALS = new Set('ABCDEFGHJKLMPSTXZ@`adefmrsu');
/** Cursor keys and origin, wrap, cursor shown, and the second screen. */
const SHOWN_MODES = /^\?(?:1|6|7|12|25|47|1047|1048|1049)$/;
const MOST_PENDING = 4_096;

/** Takes pieces of any size; a sequence that is cut in two by them stays whole. */
export class ReplayFilter {
  #pending = '';

  /** What may be shown of a piece. */
  take(piece: string): string {
    const text = this.#pending + piece;
    this.#pending = '';
    let shown = '';
    for (let at = 0; at < text.length; ) {
      const next = this.#step(text, at);
      if (next === undefined) {
        const rest = text.slice(at);
        this.#pending = rest.length > MOST_PENDING ? '' : rest;
        break;
      }
      shown += next.shown;
      at = next.end;
    }
    return shown;
  }

  #step(text: string, at: number): { readonly shown: string; readonly end: number } | undefined {
    const code = text.charCodeAt(at);
    if (code === 0x1b) return escaped(text, at);
    if (code === 0x9b) return sequence(text, at, at + 1);
    if (code === 0x90 || code === 0x98 || code === 0x9d || code === 0x9e || code === 0x9f)
      return skippedString(text, at + 1);
    const isShown =
      code >= 0xa0 || (code >= 0x20 && code < 0x7f) || '\b\t\n\r'.includes(text[at] ?? '');
    return { shown: isShown ? (text[at] ?? '') : '', end: at + 1 };
  }
}

function escaped(text: string, at: number) {
  const kind = text[at + 1];
  if (kind === undefined) return undefined;
  if (kind === '[') return sequence(text, at, at + 2);
  if (']PX^_'.includes(kind)) return skippedString(text, at + 2);
  // Saving and restoring the cursor, a line up or down; with one more letter, character sets.
  if ('78DEM'.includes(kind)) return { shown: `\x1b${kind}`, end: at + 2 };
  if (' #%()*+-./'.includes(kind)) {
    return text.length > at + 2
      ? {
          shown: kind === '(' && '0B'.includes(text[at + 2] ?? '') ? text.slice(at, at + 3) : '',
          end: at + 3,
        }
      : undefined;
  }
  return { shown: '', end: at + 2 };
}

/** ECMA-48, 5.4: parameters, intermediates, a final. */
function sequence(text: string, from: number, at: number) {
  let end = at;
  while (end < text.length && /[\x20-\x3f]/.test(text[end] ?? '')) end++;
  if (end >= text.length) return end - from > MOST_PENDING ? { shown: '', end } : undefined;
  const parameters = text.slice(at, end);
  const final = text[end] ?? '';
  return { shown: isShown(parameters, final) ? `\x1b[${parameters}${final}` : '', end: end + 1 };
}

function isShown(parameters: string, final: string): boolean {
  if (final === 'h' || final === 'l') return SHOWN_MODES.test(parameters);
  return /^[\d;:]*$/.test(parameters) && SHOWN_FINALS.has(final);
}

/** Until BEL or ST; nothing of it is shown, however long it is. */
function skippedString(text: string, at: number) {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x07 || code === 0x9c) return { shown: '', end: end + 1 };
    if (code === 0x1b) {
      if (text[end + 1] === undefined) return undefined;
      return { shown: '', end: text[end + 1] === '\\' ? end + 2 : end };
    }
  }
  return undefined;
}
