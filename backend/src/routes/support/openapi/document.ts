/** The parts of an OpenAPI 3.1 document that the steps of its making read and change. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
}

export interface Reference {
  $ref: string;
}

export interface MediaType {
  schema: Schema;
  examples?: Record<string, Reference | { value: unknown }>;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
  example?: unknown;
}

export interface Header {
  description?: string;
  schema: Schema;
}

export interface Answer {
  description: string;
  headers?: Record<string, Header | Reference>;
  content?: Record<string, MediaType>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: (Parameter | Reference)[];
  requestBody?: { required?: boolean; content: Record<string, MediaType> };
  responses: Record<string, Answer | Reference>;
  security?: object[];
}

export type Paths = Record<string, Record<string, Operation>>;

export interface Components {
  schemas: Record<string, Schema>;
  parameters: Record<string, Parameter>;
  headers: Record<string, Header>;
  responses: Record<string, Answer>;
  examples: Record<string, { value: unknown }>;
  securitySchemes: object;
}

export interface ApiDocument {
  openapi: string;
  info: object;
  servers: object[];
  security?: object[];
  tags: { name: string; description?: string }[];
  paths: Paths;
  webhooks: Paths;
  components: Components;
}

const SCHEMA_REFERENCE = '#/components/schemas/';

export function refTo(name: string): Schema {
  return { $ref: `${SCHEMA_REFERENCE}${name}` };
}

/** @returns the name of the component that the schema refers to. */
export function nameOf({ $ref }: Schema): string | undefined {
  return $ref?.startsWith(SCHEMA_REFERENCE) ? $ref.slice(SCHEMA_REFERENCE.length) : undefined;
}

/** All operations, those of webhooks too. */
export function operationsOf({ paths, webhooks }: Pick<ApiDocument, 'paths' | 'webhooks'>): Operation[] {
  return [paths, webhooks].flatMap((group) => Object.values(group).flatMap((path) => Object.values(path)));
}

/** A copy of the schema whose direct parts are changed. */
export function withParts(schema: Schema, change: (part: Schema, field?: string) => Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  const next = { ...schema };
  if (properties)
    next.properties = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, change(one, name)]));
  if (items) next.items = change(items);
  if (typeof additionalProperties === 'object') next.additionalProperties = change(additionalProperties);
  for (const choice of ['anyOf', 'oneOf', 'allOf'] as const) {
    const parts = schema[choice];
    if (parts) next[choice] = parts.map((one) => change(one));
  }
  return next;
}

/** Changes the schemas of all components and of every place in an operation that has one. */
export function changeSchemas(document: ApiDocument, change: (schema: Schema, place: SchemaPlace) => Schema): void {
  const { schemas } = document.components;
  for (const [name, schema] of Object.entries(schemas)) schemas[name] = change(schema, { component: name });
  for (const operation of operationsOf(document)) changeOperation(operation, change);
}

/** Where a schema is: a component, or a part of an operation. */
export type SchemaPlace =
  | { component: string }
  | { operation: Operation; part: 'parameter'; name: string }
  | { operation: Operation; part: 'request' | 'answer' };

function changeOperation(operation: Operation, change: (schema: Schema, place: SchemaPlace) => Schema): void {
  for (const parameter of operation.parameters ?? [])
    if ('schema' in parameter)
      parameter.schema = change(parameter.schema, { operation, part: 'parameter', name: parameter.name });
  for (const media of Object.values(operation.requestBody?.content ?? {}))
    media.schema = change(media.schema, { operation, part: 'request' });
  for (const answer of Object.values(operation.responses)) {
    if ('$ref' in answer) continue;
    for (const media of Object.values(answer.content ?? {}))
      media.schema = change(media.schema, { operation, part: 'answer' });
  }
}
