/**
 * `/openapi.json` as tests read it: parameters, headers and answers in place of their references.
 */

/** Answers are looked into field by field; the contract check has vouched for their shape. */
// oxlint-disable-next-line typescript/no-explicit-any -- JSON of every endpoint passes here
export type Json = any;

/** A copy in which only schemas and examples are still references. */
export function inlined(document: Json): Json {
  const visit = (node: Json): Json => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map(visit);
    const [, kind, name] = /^#\/components\/(parameters|headers|responses)\/(.+)$/.exec(node.$ref ?? '') ?? [];
    if (kind !== undefined && name !== undefined) return visit(document.components[kind][name]);
    return Object.fromEntries(Object.entries<Json>(node).map(([key, child]) => [key, visit(child)]));
  };
  return { ...document, paths: visit(document.paths), webhooks: visit(document.webhooks) };
}

/** Text that a format allows and that the checks behind it refuse. */
const STRICTER: Record<string, string> = {
  'date-time': '^[^Zz+]+Z$',
  uuid: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
};

/**
 * A copy whose schemas refuse fields that they do not describe. The published ones leave room for
 * fields of later versions; an answer of this version has none.
 */
export function closed(document: Json): Json {
  const visit = (node: Json, isPart: boolean): Json => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map((child) => visit(child, isPart));
    const next = Object.fromEntries(
      Object.entries<Json>(node).map(([key, child]) => [key, visit(child, key === 'allOf')]),
    );
    if (node.type === 'object' && node.properties && !isPart) next['additionalProperties'] ??= false;
    const pattern = STRICTER[node.format];
    if (node.type === 'string' && pattern !== undefined) next['pattern'] ??= pattern;
    return next;
  };
  return visit(document, false);
}
