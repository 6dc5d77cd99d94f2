/** Finds an endpoint by path in one walk over its segments, instead of asking each route in turn. */
import type { Endpoint } from './endpoint.js';

/** Endpoints of one path, by method. */
interface Place {
  byMethod: Map<string, Endpoint>;
  /** Names of the parameters, from left to right. */
  names: readonly string[];
}

interface Node {
  fixed: Map<string, Node>;
  /** Below any other segment that is not empty. */
  variable?: Node;
  place?: Place;
}

export interface Found extends Place {
  /** Values of the parameters, as they stand in the path. */
  values: readonly string[];
}

export class RouteTable {
  readonly #root: Node = { fixed: new Map() };

  /** @throws Error when two endpoints have one method and path. */
  constructor(endpoints: readonly Endpoint[]) {
    for (const spec of endpoints) {
      const names: string[] = [];
      let node = this.#root;
      for (const segment of spec.path.slice(1).split('/')) {
        const name = /^\{(\w+)\}$/.exec(segment)?.[1];
        if (name !== undefined) names.push(name);
        node = name === undefined ? fixedChild(node, segment) : (node.variable ??= { fixed: new Map() });
      }
      const place = (node.place ??= { byMethod: new Map(), names });
      const method = spec.method.toUpperCase();
      if (place.byMethod.has(method)) throw new Error(`${method} ${spec.path} is declared twice`);
      place.byMethod.set(method, spec);
    }
  }

  /** @param path as the request has it; upper and lower case differ, and so does a `/` at its end. */
  find(path: string): Found | undefined {
    if (!path.startsWith('/')) return undefined;
    const values: string[] = [];
    const place = placeOf(this.#root, path.slice(1).split('/'), 0, values);
    return place && { ...place, values };
  }
}

function fixedChild(node: Node, segment: string): Node {
  const child = node.fixed.get(segment) ?? { fixed: new Map() };
  node.fixed.set(segment, child);
  return child;
}

/** A fixed segment comes first: `/v1/stock/low` is not the stock with the id `low`. */
function placeOf(node: Node, segments: readonly string[], at: number, values: string[]): Place | undefined {
  if (at === segments.length) return node.place;
  const segment = segments[at] ?? '';
  const fixed = node.fixed.get(segment);
  const found = fixed && placeOf(fixed, segments, at + 1, values);
  if (found || !node.variable || segment === '') return found;
  values.push(segment);
  const below = placeOf(node.variable, segments, at + 1, values);
  if (!below) values.pop();
  return below;
}
