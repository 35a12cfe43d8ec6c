/** The REST API as an OpenAPI 3.1 description, from the table of routes and the schemas of what they read. */
import { z } from 'zod';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import { ROUTE_BODIES } from './route-bodies.ts';
import type { Route } from './route-table.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Unknown keys are ignored; what is required is said anew. */
const DROPPED: ReadonlySet<string> = new Set(['$schema', 'required']);

/** What a client may leave out, since it has a value without being said, is not required. */
function asSent(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asSent);
  if (!isObject(schema)) return schema;
  const { properties, required } = schema;
  const hasDefault = (name: string): boolean =>
    isObject(properties) && isObject(properties[name]) && 'default' in properties[name];
  const entries = Object.entries(schema).filter(
    ([key, value]) => !DROPPED.has(key) && !(key === 'additionalProperties' && value === false),
  );
  const needed = Array.isArray(required) ? required.filter((name) => !hasDefault(name)) : [];
  return {
    ...Object.fromEntries(entries.map(([key, value]) => [key, asSent(value)])),
    ...(needed.length > 0 && { required: needed }),
  };
}

/** A schema of ours as JSON Schema; keys may be sent in any case. */
function jsonSchema(schema: z.ZodType): unknown {
  return asSent(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

const error = { $ref: '#/components/responses/error' };

function parametersOf(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    // Ids of problems, operations and containers are text; all others are positive whole numbers.
    const isText = name === 'container' || /\/(?:problems|operations)\/:id/.test(path);
    const schema = isText ? { type: 'string' } : { type: 'integer', minimum: 1 };
    return { name, in: 'path', required: true, schema };
  });
}

function operationOf({ method, path, access }: Route): Json {
  const body = ROUTE_BODIES[`${method} ${path}`];
  const [, , first = '', second = ''] = path.split('/');
  const isOpen = access === 'public';
  return {
    operationId: `${method} ${path}`,
    tags: [first === 'fleet' ? `fleet ${second}` : first],
    'x-access': access,
    ...(isOpen && { security: [] }),
    parameters: parametersOf(path),
    ...(body && {
      requestBody: { content: { 'application/json': { schema: jsonSchema(body) } } },
    }),
    responses: { '2XX': { description: 'Done.' }, default: error },
  };
}

/** The description; paths in the order of the table. */
export function openApi(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  const text = { type: 'string' };
  const failure = { type: 'object', properties: { message: text, details: text } };
  const schemes = {
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'fleet-server',
      version: PRODUCT_VERSION,
      description:
        "Portainer's REST API as far as this server has it, and /api/fleet. Keys of bodies are read in any case. The Docker API stands under /api/endpoints/{id}/docker.",
    },
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: schemes,
      responses: {
        error: {
          description: 'What failed, and what to do.',
          content: { 'application/json': { schema: failure } },
        },
      },
    },
  };
}
