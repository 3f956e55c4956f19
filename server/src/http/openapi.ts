// The control API as an OpenAPI document, made of the same routes that answer and the same schemas that check.
// https://spec.openapis.org/oas/v3.1.1
import { z } from 'zod';
import {
  approvalViewSchema,
  CONTROL_API,
  consentViewSchema,
  deviceSchema,
  exchangeSchema,
  mailboxMessageSchema,
  problemDocumentSchema,
  snapshotSchema,
  traceEventSchema,
} from '../contract/index.ts';
import type { ControlRoute, RouteShapes } from './control-route.ts';

type Json = Readonly<Record<string, unknown>>;

/** Schemas with a name of their own, so that generated clients have types with these names. */
const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  Approval: approvalViewSchema,
  Consent: consentViewSchema,
  Device: deviceSchema,
  Exchange: exchangeSchema,
  MailboxMessage: mailboxMessageSchema,
  Problem: problemDocumentSchema,
  Snapshot: snapshotSchema,
  TraceEvent: traceEventSchema,
};

/** Errors that every route may answer. */
const COMMON_ERRORS: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood. `findings` name what is wrong.',
  401: 'The control token is missing or wrong.',
  403: 'Asked by a page of another origin, or under a name that is not this server’s.',
  503: 'The server starts, stops, or begins anew. Ask again after `Retry-After`.',
};

export function describeControlApi(routes: readonly ControlRoute[], version: string): Json {
  const outputs = writeSchemas('output', COMPONENTS, routes.flatMap(outputsOf));
  const inputs = writeSchemas('input', {}, routes.flatMap(inputsOf));
  const schemaOf = { input: inputs.schemaOf, output: outputs.schemaOf };
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(route, schemaOf) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Assent control API',
      version,
      summary: 'What tests and scripts call: list, wait, decide, expire, reset.',
      description:
        'Errors are problem documents (RFC 9457) with a stable `code`. Web pages of other origins are refused. Beyond loopback, or where a token was set, each call carries it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where this document came from.' }],
    security: [{}, { controlToken: [] }],
    paths,
    components: {
      schemas: outputs.components,
      securitySchemes: {
        controlToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'Not needed on loopback, unless the server was started with a token.',
        },
      },
    },
  };
}

type SchemaOf = (schema: z.ZodType) => Json;

function describeOperation(route: ControlRoute, schemaOf: { input: SchemaOf; output: SchemaOf }): Json {
  const { method, path, purpose, shapes } = route;
  const parameters = [
    ...pathParameters(path),
    ...(shapes.query ? queryParameters(schemaOf.input(shapes.query)) : []),
  ];
  return {
    operationId: operationIdOf(method, path),
    summary: `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}`,
    ...(shapes.note === undefined ? {} : { description: shapes.note }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(shapes.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf.input(shapes.body) } },
          },
        }),
    responses: describeResponses(shapes, schemaOf.output),
  };
}

function describeResponses(shapes: RouteShapes, schemaOf: SchemaOf): Json {
  const json = (answer: z.ZodType | undefined): Json =>
    answer === undefined ? {} : { 'application/json': { schema: schemaOf(answer) } };
  const content = {
    ...json(shapes.answer),
    ...(shapes.otherType === undefined ? {} : { [shapes.otherType]: { schema: { type: 'string' } } }),
  };
  const others = Object.entries(shapes.others ?? {}).map(([status, { meaning, answer }]) => [
    status,
    { description: meaning, ...(answer === undefined ? {} : { content: json(answer) }) },
  ]);
  const errors = Object.entries({ ...COMMON_ERRORS, ...shapes.errors }).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: schemaOf(problemDocumentSchema) } } },
  ]);
  return Object.fromEntries([
    ...errors,
    ...others,
    [
      String(shapes.status ?? 200),
      { description: 'Success.', ...(Object.keys(content).length === 0 ? {} : { content }) },
    ],
  ]);
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    ...(name === 'ref' ? { description: 'Id, short name (`r7`), `auth_req_id`, or `latest`.' } : {}),
  }));
}

function queryParameters(schema: Json): Json[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...member }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: member,
  }));
}

/** `GET /control/requests/:ref/trace` → `getRequestsRefTrace` */
function operationIdOf(method: string, path: string): string {
  const words = path
    .slice(CONTROL_API.length)
    .split(/[^a-z0-9]+/i)
    .filter(Boolean);
  return (
    method.toLowerCase() + words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')
  );
}

function outputsOf({ shapes }: ControlRoute): z.ZodType[] {
  const others = Object.values(shapes.others ?? {}).map(({ answer }) => answer);
  return [shapes.answer, ...others].filter((schema) => schema !== undefined);
}

function inputsOf({ shapes }: ControlRoute): z.ZodType[] {
  return [shapes.query, shapes.body].filter((schema) => schema !== undefined);
}

/** JSON Schema of each of them; within, a component is a reference. */
function writeSchemas(
  io: 'input' | 'output',
  named: Readonly<Record<string, z.ZodType>>,
  unnamed: readonly z.ZodType[],
): { components: Json; schemaOf: SchemaOf } {
  const registry = z.registry<{ id: string }>();
  const ids = new Map<z.ZodType, string>();
  const enter = (schema: z.ZodType, id: string, entered: z.ZodType): void => {
    if (ids.has(schema)) return;
    ids.set(schema, id);
    registry.add(entered, { id });
  };
  for (const [id, schema] of Object.entries(named)) enter(schema, id, schema);
  // A copy of it, so that it is written out where it stands in another one.
  for (const [index, schema] of unnamed.entries()) enter(schema, `unnamed-${index}`, schema.clone());
  const refOf = (id: string): string => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, { io, uri: refOf });
  const bodyOf = (id: string): Json => {
    const { $schema: _dialect, $id: _id, ...schema } = schemas[id] ?? {};
    return schema;
  };
  return {
    components: Object.fromEntries(Object.keys(named).map((id) => [id, bodyOf(id)])),
    schemaOf(schema) {
      const id = ids.get(schema);
      if (id === undefined) throw new Error('a schema was asked for that no route names');
      return id in named ? { $ref: refOf(id) } : bodyOf(id);
    },
  };
}
