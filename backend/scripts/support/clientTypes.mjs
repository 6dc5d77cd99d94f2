/**
 * Types for `servio-client` from an OpenAPI document: one for each schema, and for each operation
 * what it takes and answers. Written for this API alone, so it is short: openapi-typescript writes
 * eleven times as much, since it repeats each operation's parameters and refusals.
 */

/** @returns {string} TypeScript */
export function clientTypes({ paths, webhooks, components }) {
  const reader = new Reader(components);
  const schemas = Object.entries(components.schemas).map(([name, schema]) => reader.declaration(name, schema));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => reader.operation(method, path, operation)),
  );
  const events = Object.entries(webhooks).map(([type, { post }]) => {
    const { schema } = post.requestBody.content['application/json'];
    return `  '${type}': ${reader.type(schema)};`;
  });
  return [
    '// Made from /openapi.json by `npm run client`. Do not edit.\n',
    ...schemas,
    '/** What each operation takes and answers. */',
    `export interface Operations {\n${operations.map(({ type }) => type).join('\n')}\n}\n`,
    '/** Method and path of each operation; a third word for those that take an Idempotency-Key. */',
    `export const OPERATIONS = {\n${operations.map(({ value }) => value).join('\n')}\n} as const;\n`,
    '/** The event of each type. */',
    `export interface Events {\n${events.join('\n')}\n}`,
    '',
  ].join('\n');
}

class Reader {
  #components;

  constructor(components) {
    this.#components = components;
  }

  declaration(name, schema) {
    const comment = schema.description === undefined ? '' : `${commentOf(schema.description)}\n`;
    const isInterface = Object.keys(schema.properties ?? {}).length > 0 && !schema.allOf && !Array.isArray(schema.type);
    const type = this.type(schema, '');
    return `${comment}export ${isInterface ? `interface ${name} ${type}` : `type ${name} = ${type};`}\n`;
  }

  operation(method, path, operation) {
    const parameters = (operation.parameters ?? []).map((one) => this.#resolve(one));
    const named = (place) => parameters.filter((one) => one.in === place);
    const query = named('query');
    const ifMatch = named('header').find(({ name }) => name === 'If-Match');
    const fields = [
      ...named('path').map(({ name, schema }) => `${name}: ${this.type(schema)}`),
      ...(query.length > 0
        ? [`query${optional(query)}: { ${query.map((one) => this.#parameter(one)).join('; ')} }`]
        : []),
      ...(operation.requestBody ? [this.#body(operation.requestBody)] : []),
      ...(ifMatch ? [`ifMatch${ifMatch.required ? '' : '?'}: string`] : []),
    ];
    const takes = fields.length > 0 ? `{ ${fields.join('; ')} }` : 'object';
    const isKeyed = named('header').some(({ name }) => name === 'Idempotency-Key');
    const { operationId, summary } = operation;
    return {
      type: `  /** ${summary}. */\n  ${operationId}: { takes: ${takes}; answers: ${this.#answer(operation.responses)} };`,
      value: `  ${operationId}: ['${method.toUpperCase()}', '${path}'${isKeyed ? ", 'keyed'" : ''}],`,
    };
  }

  #parameter({ name, required, schema }) {
    return `${name}${required ? '' : '?'}: ${this.type(schema)}${required ? '' : ' | undefined'}`;
  }

  #body({ required, content }) {
    const json = content['application/json'];
    return `body${required ? '' : '?'}: ${json ? this.type(json.schema) : 'FormData'}`;
  }

  /** JSON where there is a choice: other forms are asked for with `accept`. */
  #answer(responses) {
    const types = Object.entries(responses)
      .filter(([status]) => status.startsWith('2'))
      .map(([, one]) => {
        const content = this.#resolve(one).content ?? {};
        const [media] = [content['application/json'] ?? Object.values(content)[0]];
        return media === undefined ? 'undefined' : this.type(media.schema);
      });
    return [...new Set(types)].join(' | ');
  }

  #resolve(part) {
    const [, kind, name] = /^#\/components\/(\w+)\/(.+)$/.exec(part.$ref ?? '') ?? [];
    return kind === undefined ? part : this.#components[kind][name];
  }

  /** @param indent of the line that the type begins on. */
  type(schema, indent = '  ') {
    if (schema.$ref) return schema.$ref.split('/').at(-1);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return choices.map((one) => this.type(one, indent)).join(' | ');
    if (schema.allOf) return this.#whole(schema.allOf, indent);
    return [schema.type ?? 'unknown']
      .flat()
      .map((type) => this.#simple(type, schema, indent))
      .join(' | ');
  }

  /** The later parts say more of a field than the first. */
  #whole([first, ...others], indent) {
    const fields = others.flatMap(({ properties = {} }) => Object.keys(properties));
    const base = this.type(first, indent);
    const narrowed = fields.map((field) => `'${field}'`).join(' | ');
    return [
      fields.length > 0 ? `Omit<${base}, ${narrowed}>` : base,
      ...others.map((one) => this.type(one, indent)),
    ].join(' & ');
  }

  #simple(type, schema, indent) {
    switch (type) {
      case 'integer':
      case 'number':
        return 'number';
      case 'string':
        return schema.format === 'binary' ? 'Uint8Array' : 'string';
      case 'array':
        return `Array<${this.type(schema.items ?? {}, indent)}>`;
      case 'object':
        return this.#object(schema, indent);
      default:
        return type;
    }
  }

  #object({ properties, required = [], additionalProperties }, indent) {
    if (!properties)
      return `Record<string, ${typeof additionalProperties === 'object' ? this.type(additionalProperties, indent) : 'unknown'}>`;
    const inner = `${indent}  `;
    const fields = Object.entries(properties).map(([name, schema]) => {
      const comment = schema.description === undefined ? '' : `${inner}${commentOf(schema.description)}\n`;
      const type = this.type(schema, inner);
      // A caller may leave a field out by naming it undefined.
      const isOptional = !required.includes(name);
      return `${comment}${inner}${keyOf(name)}${isOptional ? '?' : ''}: ${type}${isOptional ? ' | undefined' : ''};`;
    });
    return fields.length === 0 ? 'object' : `{\n${fields.join('\n')}\n${indent}}`;
  }
}

function optional(parameters) {
  return parameters.some(({ required }) => required) ? '' : '?';
}

function keyOf(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}

function commentOf(description) {
  return `/** ${description.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */`;
}
