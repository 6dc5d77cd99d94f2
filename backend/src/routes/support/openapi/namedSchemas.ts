/**
 * Gives a name to each object and each list of values that is described within another schema, so
 * that clients in typed languages get types with names that last.
 */
import { DOCUMENT_TYPES } from '../../../domain/document/document.js';
import { ROLES, SCOPES } from '../../../domain/people/roles.js';
import { WEEKDAYS } from '../../../domain/restaurant/localTime.js';
import { PRINT_LANGUAGES } from '../../../domain/restaurant/printLanguage.js';
import { EVENT_TYPES } from '../../../domain/shared/events.js';
import {
  type ApiDocument,
  changeSchemas,
  nameOf,
  refTo,
  type Schema,
  type SchemaPlace,
  withParts,
} from './document.js';
import { pascalCase, singular } from './names.js';

/** Values that many resources share. All others are named by the first field that has them. */
const SHARED_VALUES: Record<string, readonly string[]> = {
  DocumentType: DOCUMENT_TYPES,
  EventType: EVENT_TYPES,
  PrintLanguage: PRINT_LANGUAGES,
  Role: ROLES,
  Scope: SCOPES,
  Weekday: WEEKDAYS,
};
/** Words of a place. They stay with the reference. */
const OUTER = ['description', 'default', 'examples'] as const;
/** The kind of a body ends the names of its parts, too. */
const BODY_KIND = /(?:Input|Patch|Changes|Invitation)$/;

export function nameSchemas(document: ApiDocument): void {
  const { components } = document;
  // What is answered has all values; what is sent may have fewer.
  const all = Object.entries(components.schemas);
  const [answered, sent] = [false, true].map((isSent) => all.filter(([name]) => BODY_KIND.test(name) === isSent));
  components.schemas = Object.fromEntries([...(answered ?? []), ...(sent ?? [])]);
  const names = new SchemaNames(components.schemas);
  changeSchemas(document, (schema, place) => names.within(schema, place));
}

class SchemaNames {
  readonly #schemas: Record<string, Schema>;
  /** Names by field and shape: the same field of two resources has one type. */
  readonly #byShape = new Map<string, string>();

  constructor(schemas: Record<string, Schema>) {
    this.#schemas = schemas;
    for (const [name, values] of Object.entries(SHARED_VALUES)) this.#byShape.set(valuesKey(values, ''), name);
    for (const [name, schema] of Object.entries(schemas))
      if (schema.enum) this.#byShape.set(valuesKey(schema.enum, ''), name);
  }

  /** The schema with names for its parts, and with one of its own unless it is a component. */
  within(schema: Schema, place: SchemaPlace): Schema {
    if ('component' in place) return this.#parts(schema, place.component);
    if (place.part === 'parameter') return this.#named(schema, nounOf(place.operation.operationId), place.name);
    if (nameOf(schema) !== undefined) return schema;
    const operation = pascalCase(place.operation.operationId);
    if (place.part === 'request') return this.#named(schema, `${operation}Input`, '');
    return this.#named(schema, listName(schema) ?? `${operation}Result`, '');
  }

  /** @param owner name of the type that has the parts. */
  #parts(schema: Schema, owner: string): Schema {
    const { allOf } = schema;
    const choices = schema.anyOf ?? schema.oneOf ?? [];
    const isAmong = choices.filter((one) => one.type !== 'null').length > 1;
    return withParts(schema, (part, field) => {
      if (field !== undefined) return this.#named(part, owner, field);
      // The parts of a whole are no types of their own.
      if (allOf?.includes(part)) return this.#parts(part, owner);
      if (choices.includes(part) && isAmong) return this.#named(part, owner, choiceName(part, choices));
      return this.#named(part, owner, '');
    });
  }

  #named(schema: Schema, owner: string, field: string): Schema {
    if (schema.items && nameOf(schema.items) === undefined) {
      const items = this.#named(schema.items, owner, field === 'data' ? 'entry' : singular(field));
      return { ...schema, items };
    }
    const name = partName(owner, field);
    const inner = this.#parts(schema, name);
    const values = inner.enum?.filter((one) => one !== null);
    if (inner.properties || (values && values.length > 1)) return this.#reference(inner, owner, field);
    return inner;
  }

  #reference(schema: Schema, owner: string, field: string): Schema {
    const outer: Schema = {};
    const own = { ...schema };
    for (const word of OUTER) {
      if (own[word] === undefined) continue;
      Object.assign(outer, { [word]: own[word] });
      delete own[word];
    }
    const isNullable = Array.isArray(own.type);
    if (Array.isArray(own.type)) {
      const types = own.type.filter((type) => type !== 'null');
      own.type = types.length === 1 ? (types[0] ?? '') : types;
      if (own.enum) own.enum = own.enum.filter((one) => one !== null);
    }
    const reference = refTo(this.#register(own, owner, field));
    return isNullable ? { anyOf: [reference, { type: 'null' }], ...outer } : { ...reference, ...outer };
  }

  #register(shape: Schema, owner: string, field: string): string {
    const key = shape.enum ? valuesKey(shape.enum, field) : `${field} ${JSON.stringify(shape)}`;
    let name = this.#byShape.get(key);
    if (name === undefined) {
      const short = valuesName(owner, field);
      name = this.#free(shape.enum && !(short in this.#schemas) ? short : partName(owner, field), shape);
      this.#byShape.set(key, name);
    }
    this.#schemas[name] ??= shape;
    return name;
  }

  #free(name: string, shape: Schema): string {
    let free = name;
    for (let count = 2; free in this.#schemas; count += 1) {
      if (JSON.stringify(this.#schemas[free]) === JSON.stringify(shape)) return free;
      free = `${name}${count}`;
    }
    return free;
  }
}

function partName(owner: string, field: string): string {
  if (field === '') return owner;
  const kind = BODY_KIND.exec(owner)?.[0] ?? '';
  return `${owner.slice(0, owner.length - kind.length)}${pascalCase(field)}${kind && 'Input'}`;
}

/** Values are the same in what is sent and in what is answered. */
function valuesName(owner: string, field: string): string {
  return `${owner.replace(BODY_KIND, '')}${pascalCase(field)}`;
}

/**
 * The same three values are the same kind of value, wherever they are. Two may be so by accident.
 */
function valuesKey(values: readonly unknown[], field: string): string {
  return `values ${values.length > 2 ? '' : field} ${JSON.stringify(values)}`;
}

/** A choice is named by the value that marks it, otherwise by a field that only this choice has. */
function choiceName(choice: Schema, choices: readonly Schema[]): string {
  const fields = Object.keys(choice.properties ?? {});
  const [mark] = Object.values(choice.properties ?? {}).flatMap(({ const: value }) =>
    typeof value === 'string' ? [value] : [],
  );
  const own = fields.find((field) => choices.every((one) => one === choice || !one.properties?.[field]));
  return mark ?? own ?? fields[0] ?? '';
}

function listName({ properties }: Schema): string | undefined {
  const item = properties?.['data']?.items && nameOf(properties['data'].items);
  return item === undefined || !properties?.['nextCursor'] ? undefined : `${item}List`;
}

/** The noun of an operation: `Order` for `listOrders`. */
function nounOf(operationId: string): string {
  return singular(operationId.replace(/^[a-z]+/, ''));
}
