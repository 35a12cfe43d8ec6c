/** Stand-ins for a terminal that can draw ASCII only: the shape that comes nearest, a question mark for the rest. */

const ASCII: Readonly<Record<string, string>> = {
  '─': '-',
  '━': '=',
  '═': '-',
  '│': '|',
  '┃': '|',
  '║': '|',
  '…': '~',
  '·': '.',
  '•': '*',
  '●': '*',
  '○': 'o',
  '◐': 'o',
  '◆': '*',
  '■': '#',
  '█': '#',
  '▁': '.',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '▌': '|',
  '▏': '|',
  '░': '.',
  '▒': ':',
  '▓': '#',
  '▲': '^',
  '△': '^',
  '▼': 'v',
  '▽': 'v',
  '▶': '>',
  '▸': '>',
  '◀': '<',
  '◂': '<',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
  '✓': 'v',
  '✔': 'v',
  '✗': 'x',
  '✘': 'x',
  '×': 'x',
  '⚠': '!',
  '‹': '<',
  '›': '>',
  '«': '<',
  '»': '>',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
};

/** The character as it may be drawn on an ASCII terminal: always one character from space to tilde. */
export function asciiGlyph(character: string): string {
  const known = ASCII[character];
  if (known !== undefined) return known;
  if (character < '\x7f') return character;
  if (/[┌-╿╌-╏]/.test(character)) return '+';
  const base = character.normalize('NFD')[0] ?? '?';
  return base < '\x7f' ? base : '?';
}

/** The character itself. */
export function unicodeGlyph(character: string): string {
  return character;
}
