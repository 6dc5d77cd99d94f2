/** Writes parameters, headers, answers and examples that several operations have only once. */
import {
  type Answer,
  type ApiDocument,
  type Header,
  nameOf,
  operationsOf,
  type Parameter,
  type Reference,
} from './document.js';
import { pascalCase } from './names.js';

const ANSWER_NAMES: Record<string, string> = {
  '2XX': 'EventReceived',
  204: 'Done',
  304: 'NotModified',
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'RequestTimeout',
  409: 'Conflict',
  410: 'NoMoreEvents',
  412: 'PreconditionFailed',
  413: 'BodyTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  428: 'PreconditionRequired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'Unavailable',
};

export function shareParts(document: ApiDocument): void {
  const operations = operationsOf(document);
  const headers = new Shared<Header>('headers');
  const answers = new Shared<Answer>('responses');
  const parameters = new Shared<Parameter>('parameters');
  for (const { responses } of operations)
    for (const answer of Object.values(responses)) {
      if ('$ref' in answer) continue;
      for (const [name, header] of Object.entries(answer.headers ?? {}))
        if ('schema' in header) headers.count(pascalCase(name), header);
    }
  for (const { responses } of operations)
    for (const [status, answer] of Object.entries(responses)) {
      if ('$ref' in answer) continue;
      for (const [name, header] of Object.entries(answer.headers ?? {}))
        if (answer.headers && 'schema' in header) answer.headers[name] = headers.reference(header);
      answers.count(answerName(status, answer), answer);
    }
  for (const operation of operations)
    for (const one of operation.parameters ?? []) if ('schema' in one) parameters.count(parameterName(one), one);
  for (const operation of operations) {
    const { responses } = operation;
    for (const [status, answer] of Object.entries(responses))
      if (!('$ref' in answer)) responses[status] = answers.reference(answer);
    if (operation.parameters)
      operation.parameters = operation.parameters.map((one) => ('schema' in one ? parameters.reference(one) : one));
  }
  Object.assign(document.components, {
    parameters: parameters.components,
    headers: headers.components,
    responses: answers.components,
  });
}

/** Of a header there is one form that must be sent and one that may be. */
function parameterName({ name, in: place, required }: Parameter): string {
  return `${pascalCase(name)}${place === 'header' && required && !name.startsWith('webhook') ? 'Required' : ''}`;
}

function answerName(status: string, { content = {} }: Answer): string {
  const fixed = ANSWER_NAMES[status];
  if (fixed !== undefined) return fixed;
  const [media] = Object.values(content);
  return `${(media && nameOf(media.schema)) ?? 'File'}${status === '200' ? '' : status === '201' ? 'Created' : 'Accepted'}`;
}

/** Parts of one kind. A part that only one operation has stays there. */
class Shared<Part extends object> {
  readonly components: Record<string, Part> = {};
  readonly #kind: string;
  readonly #seen = new Map<string, { name: string; count: number }>();
  readonly #variants = new Map<string, number>();
  readonly #keys = new WeakMap<Part, string>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  count(name: string, part: Part): void {
    const key = this.#keyOf(part);
    const seen = this.#seen.get(key);
    if (seen) seen.count += 1;
    else this.#seen.set(key, { name, count: 1 });
  }

  reference(part: Part): Part | Reference {
    const seen = this.#seen.get(this.#keyOf(part));
    if (!seen || seen.count < 2) return part;
    if (seen.count !== Infinity) {
      // From the second use on it has its final name.
      const variant = (this.#variants.get(seen.name) ?? 0) + 1;
      this.#variants.set(seen.name, variant);
      if (variant > 1) seen.name += `${variant}`;
      seen.count = Infinity;
      this.components[seen.name] = part;
    }
    return { $ref: `#/components/${this.#kind}/${seen.name}` };
  }

  #keyOf(part: Part): string {
    const key = this.#keys.get(part) ?? JSON.stringify(part);
    this.#keys.set(part, key);
    return key;
  }
}
