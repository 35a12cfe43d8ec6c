/** Text from outside as one word of a shell's command line. */

/** Quoted where it must be: it stays one word whatever it is. */
export function shellWord(text: string): string {
  return /^[\w./:+=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
