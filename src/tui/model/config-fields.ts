/**
 * What config.json may hold: one row per field, with its check and its JSON schema side by side. The check is by hand,
 * since the file is read before the first frame.
 */
import { KEY_PRESETS } from './key-presets.ts';
import { nearestWord } from './nearest.ts';
import { PLAIN_SETTINGS, type Settings, USUALLY_LOCKED } from './settings.ts';
import { colorNumber, isColor, SKIN_NAMES, SKIN_STYLES } from './skin-names.ts';

export interface ConfigProblem {
  /** Where in the file, from its top. */
  readonly path: readonly (string | number)[];
  /** What the field or one entry of it suffers: an error leaves it out, a warning is only said. */
  readonly tone: 'error' | 'warning';
  /** A clause. */
  readonly why: string;
}

export interface ConfigField {
  readonly says: string;
  readonly schema: object;
  /** What holds without it, as it would stand in the file. */
  readonly usual: unknown;
  read(value: unknown): {
    readonly settings: Partial<Settings>;
    readonly problems: readonly ConfigProblem[];
  };
}

type Read = ReturnType<ConfigField['read']>;

const good = (settings: Partial<Settings>): Read => ({ settings, problems: [] });
const bad = (why: string, path: ConfigProblem['path'] = []): Read => ({
  settings: {},
  problems: [{ path, tone: 'error', why }],
});

function flag(name: keyof Settings, says: string, usual = false): ConfigField {
  return {
    says,
    usual,
    schema: { type: 'boolean' },
    read: (value) =>
      typeof value === 'boolean' ? good({ [name]: value }) : bad('must be true or false'),
  };
}

/** Switches of the screen: as in the file, and what each sets. */
const SWITCHES: Readonly<Record<string, (isOn: boolean) => Partial<Settings>>> = {
  mouse: (isOn) => ({ hasMouse: isOn }),
  log: (isOn) => ({ isLogHidden: !isOn }),
  linear: (isOn) => ({ isLinear: isOn }),
  motion: (isOn) => ({ isStill: !isOn }),
};

function readSwitches(value: unknown): Read {
  if (!isRecord(value)) return bad('must be switches by name: { "mouse": true }');
  let settings: Partial<Settings> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, isOn] of Object.entries(value)) {
    const turn = Object.hasOwn(SWITCHES, name) ? SWITCHES[name] : undefined;
    if (!turn) problems.push(unknownName([name], Object.keys(SWITCHES)));
    else if (typeof isOn === 'boolean') settings = { ...settings, ...turn(isOn) };
    else problems.push({ path: [name], tone: 'error', why: 'must be true or false' });
  }
  return { settings, problems };
}

const KEYS_PATTERN = { type: 'array', items: { type: 'string' } };

function readKeys(value: unknown): Read {
  if (typeof value === 'string') return readKeys({ preset: value });
  if (!isRecord(value)) return bad('must be the name of a preset or keys by action');
  const { preset, ...own } = value;
  const problems: ConfigProblem[] = [];
  const keys: Record<string, readonly string[]> = {};
  if (typeof preset === 'string' && Object.hasOwn(KEY_PRESETS, preset)) {
    Object.assign(keys, KEY_PRESETS[preset]);
  } else if (preset !== undefined) {
    const names = Object.keys(KEY_PRESETS).join(', ');
    problems.push({ path: ['preset'], tone: 'error', why: `is no preset; there are ${names}` });
  }
  for (const [action, list] of Object.entries(own)) {
    const wanted = typeof list === 'string' ? [list] : list;
    if (isWords(wanted)) keys[action] = wanted;
    else problems.push({ path: [action], tone: 'error', why: 'must be a list of keys' });
  }
  return { settings: { keys }, problems };
}

function readSkin(value: unknown): Read {
  if (typeof value === 'string') return readSkin({ base: value });
  if (!isRecord(value)) return bad('must be the name of a skin, or base and colors');
  const { base = PLAIN_SETTINGS.skin.name, colors = {}, ...rest } = value;
  const names: readonly string[] = SKIN_NAMES;
  if (typeof base !== 'string' || !names.includes(base))
    return bad(`there is no such skin; there are ${names.join(', ')}`);
  const problems: ConfigProblem[] = Object.keys(rest).map((name) =>
    unknownName([name], ['base', 'colors']),
  );
  if (!isRecord(colors)) return bad('must be colours by style', ['colors']);
  const kept: Record<string, number> = {};
  for (const [style, color] of Object.entries(colors)) {
    const path = ['colors', style];
    if (!STYLES.includes(style)) problems.push(unknownName(path, STYLES));
    else if (isColor(color)) kept[style] = colorNumber(color);
    else
      problems.push({
        path,
        tone: 'error',
        why: 'is no colour; write "#rrggbb", 0 to 255 or "bright-red"',
      });
  }
  return { settings: { skin: { name: base, colors: kept } }, problems };
}

const STYLES: readonly string[] = SKIN_STYLES.flatMap((style) => [style, `${style}.background`]);

export const CONFIG_FIELDS: Readonly<Record<string, ConfigField>> = {
  keys: {
    says: 'Keys by action (docs/keys.md names them), for every screen or for one; or the preset lazydocker or ctop.',
    usual: {},
    schema: {
      anyOf: [
        { enum: Object.keys(KEY_PRESETS) },
        { type: 'object', additionalProperties: { anyOf: [{ type: 'string' }, KEYS_PATTERN] } },
      ],
    },
    read: readKeys,
  },
  skin: {
    says: 'A built-in skin, or one with own colours: { "base": "light", "colors": { "accent": "#0055aa" } }.',
    usual: PLAIN_SETTINGS.skin.name,
    schema: {
      anyOf: [
        { enum: SKIN_NAMES },
        {
          type: 'object',
          properties: { base: { enum: SKIN_NAMES }, colors: { type: 'object' } },
          additionalProperties: false,
        },
      ],
    },
    read: readSkin,
  },
  readOnly: flag('isReadOnly', 'Nothing is changed on any host, as with --read-only.'),
  locked: {
    says: 'Environments that start locked, by tag:WORD, name:WORD or a word for either; * stands for anything.',
    usual: USUALLY_LOCKED,
    schema: KEYS_PATTERN,
    read: (value) => (isWords(value) ? good({ locked: value }) : bad('must be a list of words')),
  },
  ascii: flag('isAscii', 'Only ASCII characters are drawn, as with --ascii.'),
  ui: {
    says: 'Switches of the screen. mouse: captured from the start, as F12 does; log: false leaves out the log below the list of containers; linear: lines in words for a screen reader, as --linear; motion: false holds still what moves by itself, as NO_MOTION=1 does.',
    usual: { mouse: false, log: true, linear: false, motion: true },
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        Object.keys(SWITCHES).map((name) => [name, { type: 'boolean' }]),
      ),
      additionalProperties: false,
    },
    read: readSwitches,
  },
  escTimeoutMs: {
    says: 'How long a lone ESC waits for the rest of a sequence, in milliseconds; more on slow lines.',
    usual: 50,
    schema: { type: 'integer', minimum: 0, maximum: 2000 },
    read: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2_000
        ? good({ escTimeoutMs: value })
        : bad('must be a whole number from 0 to 2000'),
  },
};

/** The JSON schema of config.json. */
export function configSchema(): object {
  const properties = Object.entries(CONFIG_FIELDS).map(([name, { says, schema, usual }]) => [
    name,
    { description: says, default: usual, ...schema },
  ]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'config.json of fleet-tui',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
    additionalProperties: false,
  };
}

/** The settings in a parsed config.json, and what is wrong with it; whatever is wrong is left out alone. */
export function readConfigValue(value: unknown): Read {
  if (!isRecord(value)) return bad('must be an object: { … }');
  let settings: Partial<Settings> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, entry] of Object.entries(value)) {
    if (name === '$schema') continue;
    const field = Object.hasOwn(CONFIG_FIELDS, name) ? CONFIG_FIELDS[name] : undefined;
    if (!field) {
      problems.push(unknownName([name], Object.keys(CONFIG_FIELDS)));
      continue;
    }
    const read = field.read(entry);
    settings = { ...settings, ...read.settings };
    problems.push(...read.problems.map((one) => ({ ...one, path: [name, ...one.path] })));
  }
  return { settings, problems };
}

function unknownName(path: readonly string[], known: readonly string[]): ConfigProblem {
  const near = nearestWord(path.at(-1) ?? '', known);
  const hint = near ? `; ${near} is the nearest` : `; known are ${known.join(', ')}`;
  return { path, tone: 'warning', why: `is unknown and left out${hint}` };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string' && word !== '');
}
