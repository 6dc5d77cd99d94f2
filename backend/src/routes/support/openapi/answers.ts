/**
 * Schemas of answers: open to fields that come later, and with the field that tells choices apart.
 */
import { type ApiDocument, changeSchemas, nameOf, refTo, operationsOf, type Schema, withParts } from './document.js';

/**
 * Removes the words that close the schemas of answers and events. A client that checks answers
 * would otherwise fail when a field is added. What only requests have stays closed.
 */
export function openAnswers(document: ApiDocument): void {
  const { schemas } = document.components;
  const open = new Set<string>();
  const visit = (schema: Schema): Schema => {
    const name = nameOf(schema);
    if (name !== undefined && !open.has(name)) {
      open.add(name);
      const found = schemas[name];
      if (found) schemas[name] = visit(found);
    }
    const next = withParts(schema, visit);
    if (next.additionalProperties === false) delete next.additionalProperties;
    return next;
  };
  for (const operation of operationsOf(document))
    for (const answer of Object.values(operation.responses)) {
      if ('$ref' in answer) continue;
      for (const media of Object.values(answer.content ?? {})) media.schema = visit(media.schema);
    }
  for (const { post } of Object.values(document.webhooks))
    for (const media of Object.values(post?.requestBody?.content ?? {})) media.schema = visit(media.schema);
}

/** One component for a schema that is the same in requests and in answers. */
export function mergeTwins(document: ApiDocument): void {
  const { schemas } = document.components;
  const twins = new Map<string, string>();
  const merged = (schema: Schema): Schema => {
    const twin = twins.get(nameOf(schema) ?? '');
    return withParts(twin === undefined ? schema : { ...schema, ...refTo(twin) }, merged);
  };
  for (const [name, schema] of Object.entries(schemas)) {
    const twin = name.replace(/Output$/, '');
    if (twin === name || wordOf(schemas[twin]) !== wordOf(merged(schema))) continue;
    twins.set(name, twin);
    delete schemas[name];
  }
  changeSchemas(document, merged);
}

/** The schema as text, whatever the order of its words is. */
function wordOf(schema: Schema | undefined): string {
  return JSON.stringify(schema, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Names the field whose value tells the choices of a schema apart. */
export function addDiscriminators(document: ApiDocument): void {
  const { schemas } = document.components;
  const visit = (schema: Schema): Schema => {
    const next = withParts(schema, visit);
    const found = marksOf(next, schemas);
    if (!found) return next;
    const { anyOf, ...rest } = next;
    return { ...rest, ...(anyOf ? { oneOf: anyOf } : {}), discriminator: found };
  };
  for (const [name, schema] of Object.entries(schemas)) schemas[name] = visit(schema);
}

function marksOf({ anyOf, oneOf }: Schema, schemas: Record<string, Schema>): Schema['discriminator'] {
  const choices = anyOf ?? oneOf ?? [];
  const named = choices.map((one) => [one.$ref ?? '', schemas[nameOf(one) ?? '']?.properties ?? {}] as const);
  if (named.length < 2) return undefined;
  for (const propertyName of Object.keys(named[0]?.[1] ?? {})) {
    const marks = named.map(([, properties]) => properties[propertyName]?.const);
    if (marks.every((mark) => typeof mark === 'string') && new Set(marks).size === marks.length)
      return { propertyName, mapping: Object.fromEntries(named.map(([$ref], index) => [String(marks[index]), $ref])) };
  }
  return undefined;
}
