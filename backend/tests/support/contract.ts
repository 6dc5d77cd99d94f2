/**
 * Checks each answer against the API's description, which must contain its path, method, status,
 * media type and body.
 */
import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { closed, inlined, type Json } from './description.js';

export type { Json } from './description.js';

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
  text: string;
}

interface Operation {
  responses: Record<string, { content?: Record<string, unknown> }>;
}

type Paths = Record<string, Record<string, Operation>>;

// ajv-formats is CommonJS: some loaders give its function as `default`, others as the module
// itself.
const addFormats = addFormatsModule.default;

let lastText: string | undefined;
let last: ContractCheck | undefined;

export class ContractCheck {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #paths: Paths;
  readonly #patterns: { pattern: RegExp; path: string }[];
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: { paths: Paths }) {
    addFormats(this.#ajv);
    const full = inlined(closed(document));
    this.#ajv.addSchema(full, 'openapi.json');
    this.#paths = full.paths;
    // Literal parts come before parameters: /v1/orders/preview before /v1/orders/{id}, and {id}.pdf
    // before {id}.
    this.#patterns = Object.keys(document.paths)
      .sort((a, b) => (a.match(/\{/g)?.length ?? 0) - (b.match(/\{/g)?.length ?? 0) || b.length - a.length)
      .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));
  }

  /**
   * Servers of one process describe themselves in the same words: to compile them takes seconds.
   */
  static async load(url: string): Promise<ContractCheck> {
    const text = await (await fetch(`${url}/openapi.json`)).text();
    if (text !== lastText) [lastText, last] = [text, new ContractCheck(JSON.parse(text) as { paths: Paths })];
    return last!;
  }

  check(method: string, target: string, answer: Answer): void {
    const path = target.split('?')[0] ?? '';
    const known = this.#patterns.find(({ pattern }) => pattern.test(path));
    const operation = known && this.#paths[known.path]?.[method.toLowerCase()];
    if (!known || !operation) return;
    const where = `${method} ${known.path} answered ${answer.status}`;
    const response = operation.responses[String(answer.status)];
    assert.ok(response, `${where}, which the document does not know: ${answer.text}`);
    if (!response.content || answer.text === '') return;
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    assert.ok(response.content[type], `${where} as ${type}, which the document does not know`);
    if (!type.endsWith('json')) return;
    const validate = this.#validatorFor(known.path, method.toLowerCase(), answer.status, type);
    assert.ok(
      validate(answer.body),
      `${where} against its schema: ${JSON.stringify(validate.errors?.slice(0, 5))}\n${answer.text.slice(0, 2000)}`,
    );
  }

  /** @returns what the description of the type's webhook says against the event. */
  faultOfEvent(type: string, event: Json): string | undefined {
    const validate = this.#validatorAt([
      'webhooks',
      type,
      'post',
      'requestBody',
      'content',
      'application/json',
      'schema',
    ]);
    if (validate(event)) return undefined;
    return `${type}: ${JSON.stringify(validate.errors?.slice(0, 5))} in ${JSON.stringify(event.data)}`;
  }

  #validatorFor(path: string, method: string, status: number, type: string): ValidateFunction {
    return this.#validatorAt(['paths', path, method, 'responses', String(status), 'content', type, 'schema']);
  }

  #validatorAt(place: readonly string[]): ValidateFunction {
    const pointer = place.map(escapePointer).join('/');
    let validate = this.#validators.get(pointer);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `openapi.json#/${pointer}` });
      this.#validators.set(pointer, validate);
    }
    return validate;
  }
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
