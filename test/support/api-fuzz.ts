/**
 * Requests made up from docs/openapi.json: bodies by json-schema-faker and then bent, ids that are and that are not, credentials
 * and none. The same seed makes the same requests.
 */
import { readFileSync } from 'node:fs';
import { generateSync, type JsonSchema } from 'json-schema-faker';
import { seededRandom } from './seeded-random.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  /** A JSON Schema; undefined when nothing is read. */
  readonly schema: JsonSchema | undefined;
}

export interface MadeRequest {
  /** `PUT /api/tags/:id`, to tell what failed. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly credential: 'administrator' | 'wrong' | 'none';
}

interface Description {
  readonly paths: Record<
    string,
    Record<string, { requestBody?: { content: { 'application/json': { schema: JsonSchema } } } }>
  >;
}

function operations(): Operation[] {
  const page = new URL('../../docs/openapi.json', import.meta.url);
  const { paths } = JSON.parse(readFileSync(page, 'utf8')) as Description;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      schema: operation.requestBody?.content['application/json'].schema,
    })),
  );
}

/** What no field expects, or every field must bear. */
const ODD: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1e308,
  2 ** 53,
  true,
  [],
  {},
  [[[[[]]]]],
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  '%2e%2e%2f',
  "' OR 1=1 --",
  '<script>',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
  'x'.repeat(5_000),
  { __proto__: null, constructor: { prototype: {} } },
  ['a', 1, null, {}],
];
const ODD_IDS = [
  '0',
  '-1',
  '1.5',
  'x',
  '%00',
  '%2e%2e',
  '999999999999999',
  '9'.repeat(40),
  '%F0%9F%90%B3',
  '1%2F2',
  "'",
  '*',
];
const QUERIES = [
  '?',
  '?limit=x',
  '?start=1&limit=2',
  '?search=%00',
  '?order=desc&sort=Name',
  '?groupIds[]=x',
  '?tagIds[]=1',
  '?name=&name=',
  '?limit=99999999999',
  '?offset=-1',
  '?before=x',
  '?from=9999999999999999',
  '?ids=zz',
  '?excludeSnapshots=true',
  '?keyword=%25',
  `?${'a=b&'.repeat(200)}`,
];
const GARBAGE = [
  '{',
  '[1,2',
  'null',
  '"text"',
  '\u0000\u0001',
  '{"a":1}{"b":2}',
  'a=b&c=d',
  '{"__proto__":{"x":1}}',
  '['.repeat(20_000),
];

/** An endless source of requests. */
export function* madeRequests(seed: number): Generator<MadeRequest> {
  const below = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const all = operations();
  const id = () => (below(100) < 75 ? String(1 + below(6)) : pick(ODD_IDS));
  const bent = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || below(8) === 0) return pick(ODD);
    const keys = Object.keys(value);
    if (keys.length === 0) return pick(ODD);
    const key = pick(keys);
    const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
      ? [...value]
      : { ...value };
    (copy as Record<string, unknown>)[key] = bent((value as Record<string, unknown>)[key]);
    return copy;
  };
  const bodyOf = (schema: JsonSchema | undefined): string | undefined => {
    if (below(12) === 0) return pick(GARBAGE);
    if (schema === undefined) return below(4) === 0 ? JSON.stringify(pick(ODD)) : undefined;
    const value = generateSync(schema, { seed: below(1 << 30), maxItems: 5, maxLength: 200 });
    return JSON.stringify(below(3) === 0 ? bent(value) : value);
  };
  for (;;) {
    const { method, path, schema } = pick(all);
    const name = `${method} ${path}`;
    const filled = path.replaceAll(/\{\w+\}/g, () => id());
    const query = below(5) === 0 ? pick(QUERIES) : '';
    const chance = below(20);
    const credential = chance === 0 ? 'none' : chance === 1 ? 'wrong' : 'administrator';
    const said =
      below(40) === 0 ? pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) : method;
    const body = said === 'GET' && below(10) > 0 ? undefined : bodyOf(schema);
    yield { name, method: said, path: `${filled}${query}`, body, credential };
  }
}
