import { z } from 'zod';
import { problemDetailsSchema } from './problem-details.ts';
import type { Route } from './route.ts';
import { API, routes } from './routes.ts';
import { runEventSchema } from './run.ts';

type Json = Record<string, unknown>;

/** The API as an OpenAPI 3.1 description, made from the route table. */
export function openapi(version: string): Json {
  const components: Json = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => inComponents(schema, io, components);
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const operations = paths[path] ?? {};
    paths[path] = operations;
    operations[route.method] = operation(operationId, route, schemaOf);
  }
  schemaOf(runEventSchema.meta({ id: 'RunEvent' }), 'output');
  return {
    openapi: '3.1.0',
    info: { title: 'Sluice', version, description: 'Build, run and repair workflows.' },
    servers: [{ url: API }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'sluice.session_token' },
      },
    },
  };
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json;

function operation(operationId: string, route: Route, schemaOf: SchemaOf): Json {
  const problem = { content: { 'application/problem+json': { schema: schemaOf(problemDetailsSchema, 'output') } } };
  const done: Json = { description: 'Done' };
  if (route.media) done.content = { [route.media]: { schema: { type: 'string' } } };
  else if (route.response) done.content = { 'application/json': { schema: schemaOf(route.response, 'output') } };
  return {
    operationId,
    summary: route.summary,
    tags: [route.path.split('/')[1] ?? ''],
    ...(route.needs === 'public' ? { security: [] } : {}),
    parameters: [...pathParameters(route.path), ...queryParameters(route, schemaOf)],
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    responses: { [route.status]: done, default: { description: 'Refused', ...problem } },
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(route: Route, schemaOf: SchemaOf): Json[] {
  if (!route.query) return [];
  const { properties = {} } = schemaOf(route.query, 'input') as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

/** JSON Schema of `schema`, with every part that has an id moved into the components; requests get names of their own where they differ. */
function inComponents(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const {
    $defs = {},
    $schema,
    ...root
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & {
    $defs?: Record<string, Json>;
  };
  const names = new Map<string, string>();
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const id = key === '$ref' ? /^#\/\$defs\/(.+)$/.exec(String(inner))?.[1] : undefined;
        return id === undefined ? [key, rename(inner)] : [key, `#/components/schemas/${names.get(id) ?? id}`];
      }),
    );
  };
  const defs = { ...$defs };
  const rootId = typeof root.id === 'string' ? root.id : undefined;
  if (rootId !== undefined) defs[rootId] = root;
  for (const id of Object.keys(defs)) names.set(id, io === 'input' ? `${id}Input` : id);
  for (const [id, def] of Object.entries(defs)) {
    const { id: _, ...body } = def;
    components[names.get(id) ?? id] ??= rename(body);
  }
  if (rootId !== undefined) return { $ref: `#/components/schemas/${names.get(rootId)}` };
  return rename(root) as Json;
}
