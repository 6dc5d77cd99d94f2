/**
 * Finds an endpoint by path in one walk over its segments, instead of asking each route in turn.
 */
import type { Endpoint } from './endpoint.js';

/** Endpoints of one path, by method. */
interface Place {
  byMethod: Map<string, Endpoint>;
  /** Names of the parameters, from left to right. */
  names: readonly string[];
}

interface Node {
  fixed: Map<string, Node>;
  /** Below a segment that is a value with this ending, such as `.pdf`; the longest ending first. */
  variable: { ending: string; node: Node }[];
  place?: Place;
}

export interface Found extends Place {
  /** Values of the parameters, as they stand in the path. */
  values: readonly string[];
}

export class RouteTable {
  readonly #root: Node = newNode();

  /** @throws Error when two endpoints have one method and path. */
  constructor(endpoints: readonly Endpoint[]) {
    for (const spec of endpoints) {
      const names: string[] = [];
      let node = this.#root;
      for (const segment of spec.path.slice(1).split('/')) {
        const [, name, ending = ''] = /^\{(\w+)\}(.*)$/.exec(segment) ?? [];
        if (name !== undefined) names.push(name);
        node = name === undefined ? fixedChild(node, segment) : variableChild(node, ending);
      }
      const place = (node.place ??= { byMethod: new Map(), names });
      const method = spec.method.toUpperCase();
      if (place.byMethod.has(method)) throw new Error(`${method} ${spec.path} is declared twice`);
      place.byMethod.set(method, spec);
    }
  }

  /**
   * @param path as the request has it; upper and lower case differ, and so does a `/` at its end.
   */
  find(path: string): Found | undefined {
    if (!path.startsWith('/')) return undefined;
    const values: string[] = [];
    const place = placeOf(this.#root, path.slice(1).split('/'), 0, values);
    return place && { ...place, values };
  }
}

/** Parameters by name. @throws URIError for values that are not correctly percent-encoded. */
export function paramsOf({ names, values }: Found): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [names[index], decodeURIComponent(value)]));
}

function newNode(): Node {
  return { fixed: new Map(), variable: [] };
}

function fixedChild(node: Node, segment: string): Node {
  const child = node.fixed.get(segment) ?? newNode();
  node.fixed.set(segment, child);
  return child;
}

function variableChild({ variable }: Node, ending: string): Node {
  const known = variable.find((one) => one.ending === ending);
  if (known) return known.node;
  const node = newNode();
  variable.push({ ending, node });
  variable.sort((one, other) => other.ending.length - one.ending.length);
  return node;
}

/** A fixed segment comes first: `/v1/stock/low` is not the stock with the id `low`. */
function placeOf(node: Node, segments: readonly string[], at: number, values: string[]): Place | undefined {
  if (at === segments.length) return node.place;
  const segment = segments[at] ?? '';
  const fixed = node.fixed.get(segment);
  const found = fixed && placeOf(fixed, segments, at + 1, values);
  if (found) return found;
  for (const { ending, node: child } of node.variable) {
    if (segment.length <= ending.length || !segment.endsWith(ending)) continue;
    values.push(segment.slice(0, segment.length - ending.length));
    const below = placeOf(child, segments, at + 1, values);
    if (below) return below;
    values.pop();
  }
  return undefined;
}
