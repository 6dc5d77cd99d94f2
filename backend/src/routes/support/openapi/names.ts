/** Names of operations and types, made of the words of paths and fields. */

export function pascalCase(text: string): string {
  return text.replaceAll(/(?:^|[^A-Za-z0-9]+)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** An English plural, as paths and fields have them, in the singular. */
export function singular(plural: string): string {
  if (/(?:series|status|ss|us)$/i.test(plural)) return plural;
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  if (/(?:x|ch|sh|ss)es$/.test(plural)) return plural.slice(0, -2);
  return plural.replace(/s$/, '');
}

const VERBS = { get: 'get', post: 'create', patch: 'change', delete: 'delete' };

/**
 * The name of an operation whose path follows the rules: `GET /v1/orders` is `listOrders`,
 * `POST /v1/orders/{id}/accept` is `acceptOrder`. All others declare theirs.
 */
export function operationName(method: keyof typeof VERBS, path: string, answersList: boolean): string {
  const parts = path.slice('/v1/'.length).split('/');
  const words = parts.filter((part) => !part.startsWith('{'));
  const last = words.at(-1) ?? '';
  const owner = words.slice(0, -1).map((word) => pascalCase(singular(word)));
  const isItem = parts.at(-1)?.startsWith('{') ?? false;
  const isAction = method === 'post' && parts.at(-2)?.startsWith('{') && singular(last) === last;
  if (isAction) return `${camelCase(last)}${owner.join('')}`;
  if (words[0] === 'reports') return `get${pascalCase(last)}Report`;
  if (answersList && !isItem) return `list${owner.join('')}${pascalCase(last)}`;
  return `${VERBS[method]}${owner.join('')}${pascalCase(method === 'get' && !isItem ? last : singular(last))}`;
}

function camelCase(text: string): string {
  const name = pascalCase(text);
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
