/** What a terminal sends for a key, by the console's own key names. */

const NAMED: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\x1b',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  space: ' ',
  backspace: '\x7f',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  delete: '\x1b[3~',
  pgup: '\x1b[5~',
  pgdn: '\x1b[6~',
  f1: '\x1bOP',
  f2: '\x1bOQ',
  f3: '\x1bOR',
  f4: '\x1bOS',
  f5: '\x1b[15~',
  f6: '\x1b[17~',
  f7: '\x1b[18~',
  f8: '\x1b[19~',
  f9: '\x1b[20~',
  f10: '\x1b[21~',
  f11: '\x1b[23~',
  f12: '\x1b[24~',
};

/** The bytes of a key: a name of the console's keys, or the one character it types. */
export function keyBytes(name: string): string {
  const named = NAMED[name];
  if (named !== undefined) return named;
  const ctrl = /^ctrl-([a-z\\\]^_])$/.exec(name)?.[1];
  if (ctrl) return String.fromCharCode(ctrl.toUpperCase().charCodeAt(0) & 31);
  if ([...name].length === 1) return name;
  throw new Error(`No terminal sends a key called ${name}`);
}
