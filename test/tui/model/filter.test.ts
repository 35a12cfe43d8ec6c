/** The filter grammar: a table of what each form finds, and properties that hold for any text. */
import { describe, expect, it, test } from 'vitest';
import {
  type Facets,
  type Filter,
  matchRanges,
  parseFilter,
  passes,
} from '../../../src/tui/model/filter.ts';
import { hostVerdict } from '../../../src/tui/model/filter-hosts.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const WEB: Facets = {
  name: 'shop-web-1',
  host: 'eu 1',
  image: 'registry:5000/Shop/web:1.27',
  state: 'running unhealthy',
  labels: { tier: 'edge', 'com.docker.compose.project': 'shop', empty: '' },
  tags: ['production', 'eu west'],
};

function filterOf(text: string, grammar?: 'list' | 'text'): Filter {
  const parsed = parseFilter(text, grammar);
  if (parsed.kind === 'bad') throw new Error(`${parsed.at}: ${parsed.why}`);
  return parsed.filter;
}

function finds(text: string, facets: Facets = WEB): boolean {
  const fields = [facets.name, facets.image, facets.state, facets.host];
  return passes(filterOf(text), fields, facets);
}

function findsText(text: string, ...fields: string[]): boolean {
  return passes(filterOf(text, 'text'), fields);
}

describe('a filter of a list', () => {
  it.each<[filter: string, isFound: boolean]>([
    ['WEB', true],
    ['redis', false],
    ['web eu', true],
    ['web us', false],
    ['"eu 1"', true],
    ['"eu 1', true],
    ['"eu 2"', false],
    ['!redis', true],
    ['!web', false],
    ['!!web', true],
    ['! web', true],
    ['web !us', true],
    ['/^shop-\\w+-\\d$/', true],
    ['/^web/', false],
    ['/EU 1/', true],
    ['/Shop\\/web/', true],
    ['!/^shop/', false],
    ['/^shop', true],
    ['-f shw1', true],
    ['-f wsh', false],
    ['!-f wsh', true],
    ['-f SHOPWEB', true],
    ['-l tier', true],
    ['-l tier=edge', true],
    ['-l tier=Edge', false],
    ['-l tier=', false],
    ['-l empty=', true],
    ['-l Tier', false],
    ['-l com.docker.compose.project=shop', true],
    ['-l constructor', false],
    ['!-l tier=core', true],
    ['-l tier=edge -l empty web', true],
    ['name:web', true],
    ['name:eu', false],
    ['host:eu', true],
    ['host:"eu 1"', true],
    ['env:EU', true],
    ['ENV:us', false],
    ['!host:us', true],
    ['image:1.27', true],
    ['image:/:1\\.2\\d$/', true],
    ['state:running', true],
    ['state:run', true],
    ['state:healthy', false],
    ['state:unhealthy', true],
    ['state:1', false],
    ['tag:prod', true],
    ['tag:"eu west"', true],
    ['tag:/^west/', false],
    ['!tag:staging', true],
    ['nginx:1.27', false],
    ['registry:5000', true],
    ['-1', true],
    ['-web', true],
    ['host:eu state:running -l tier=edge -f sw1 !redis /web/', true],
  ])('%s: %s', (filter, isFound) => {
    expect(finds(filter)).toBe(isFound);
  });

  it.each(['', '  ', '/', '!', '//', '!/', '""', '!!'])('%j lets everything pass', (filter) => {
    expect(filterOf(filter)).toEqual({ kind: 'everything' });
  });

  it.each<[filter: string, at: number, why: string]>([
    ['/web(', 1, 'unterminated group'],
    ['ok !/[/', 5, 'unterminated character class'],
    ['é 漢 name:/(/', 10, 'unterminated group'],
    ['web -f', 5, '-f needs a word behind it'],
    ['-l', 1, '-l needs label or label=value behind it'],
    ['-l =x', 1, '-l needs label or label=value behind it'],
    ['a -v b', 3, '-v is not known; there are -f and -l'],
    ['host:', 1, 'host: needs a value behind it'],
    ['host:/', 1, 'host: needs a value behind it'],
    ['web state:runing', 5, 'there is no state runing'],
    ['tag:', 1, 'tag: needs a value behind it'],
  ])('%s is wrong at %i: %s', (filter, at, why) => {
    expect(parseFilter(filter)).toEqual({ kind: 'bad', at, why });
  });
});

describe('a filter of text', () => {
  test('knows words, expressions and !, and takes everything else as it is written', () => {
    expect(findsText('"level":"error"', '{"level":"error"}')).toBe(true);
    expect(findsText('-f', 'tail -f')).toBe(true);
    expect(findsText('host:', 'on host:eu')).toBe(true);
    expect(findsText('/^a/ !b', 'ac')).toBe(true);
    expect(findsText('/^a/ !b', 'ab')).toBe(false);
    expect(parseFilter('/(', 'text')).toMatchObject({ kind: 'bad', at: 1 });
  });
});

describe('whatever is typed', () => {
  const PIECES = [
    ...['web', '!', '/', '\\', '(', '[', '-f', '-l', '-', '=', ':', 'host:', 'state:', 'tag:'],
    ...['"', ' ', '  ', 'e', '漢', '\u0000', '\n', '.*', '{', 'run', '1', '\ud800', 'é'],
  ];
  const texts = (seed: number, count: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () =>
      Array.from({ length: random(12) }, () => PIECES[random(PIECES.length)]).join(''),
    );
  };
  const parses = (text: string) => parseFilter(text).kind === 'ok';

  test('is a filter or a clause with a place in the text; nothing is thrown', () => {
    for (const text of texts(1, 5_000)) {
      const parsed = parseFilter(text);
      if (parsed.kind === 'ok') finds(text);
      else {
        expect(parsed.why, text).not.toBe('');
        expect(parsed.at).toBeGreaterThanOrEqual(1);
        expect(parsed.at).toBeLessThanOrEqual([...text].length);
      }
    }
  });

  test('two filters with a blank between want both', () => {
    const closed = (text: string) => parses(`${text} x`) && /^[^"/\\]*$/.test(text);
    const some = texts(2, 2_000).filter((text) => parses(text) && closed(text));
    expect(some.length).toBeGreaterThan(200);
    for (const [index, text] of some.entries()) {
      const other = some[(index * 7 + 3) % some.length] ?? '';
      if (!/!\s*$/.test(text))
        expect(finds(`${text} ${other}`), `${text} ${other}`).toBe(finds(text) && finds(other));
    }
  });

  test('! before one term finds what the term does not', () => {
    for (const text of texts(3, 4_000)) {
      const parsed = parseFilter(text);
      const isOne = parsed.kind === 'ok' && !['all', 'everything'].includes(parsed.filter.kind);
      if (isOne && /^[^\s!/"]/.test(text)) expect(finds(`!${text}`), text).toBe(!finds(text));
    }
  });

  test('a longer word never finds more', () => {
    for (const word of ['shop-web-1', 'running', 'redis']) {
      const found = [...word].map((_, end) => finds(word.slice(0, end + 1)));
      expect(found.lastIndexOf(true)).toBe(found.filter(Boolean).length - 1);
    }
  });
});

test('hosts are ruled out only where nothing of them can pass', () => {
  const verdict = (text: string) =>
    hostVerdict(filterOf(text), { name: 'eu-1', tags: ['production'] });
  expect(verdict('web')).toBeUndefined();
  expect(verdict('host:eu web')).toBe(true);
  expect(verdict('web env:us')).toBe(false);
  expect(verdict('!host:eu')).toBe(false);
  expect(verdict('tag:staging web')).toBe(false);
  expect(verdict('!host:us')).toBe(true);
  expect(verdict('host:/^eu/ !host:1')).toBe(false);
});

describe('matches in a text', () => {
  const ranges = (filter: string, text: string) => matchRanges(filterOf(filter), text);

  test('are found in order and do not overlap', () => {
    expect(ranges('ab', 'xABxab')).toEqual([
      [1, 3],
      [4, 6],
    ]);
    expect(ranges('/a+/ aab', 'caab')).toEqual([[1, 4]]);
    expect(ranges('-f ac', 'xabc')).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('are none for what must be absent, for empty hits and for other columns', () => {
    for (const filter of ['!a', '/x*/', 'host:a', '-l a'])
      expect(ranges(filter, 'abc')).toEqual([]);
  });
});
