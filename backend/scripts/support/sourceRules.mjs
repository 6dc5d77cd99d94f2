/**
 * Rules about the content of a file, for `boundaries.mjs`: the import graph cannot show them. They
 * check syntax, not text, so comments and strings never cause a false alarm.
 */

/**
 * `applies` takes the path below backend/src. `finds` takes one syntax node and returns a
 * description of the violation, or undefined.
 */
export const SOURCE_RULES = [
  {
    name: 'env-read-once',
    why:
      'Only config/env.ts reads the environment: there a bad value stops the start and names the variable, and the list ' +
      'of settings is complete. Add the variable to env.ts and pass the value on.',
    applies: (path) => path !== 'config/env.ts',
    finds: environmentRead,
  },
  {
    name: 'domain-no-floats',
    why:
      'Money and quantities are whole numbers of the smallest unit (bigint or integer); floats lose cents: ' +
      '1.005 * 100 is 100.49999999999999. Parse decimals from text and round with the helpers of domain/number/money.',
    applies: (path) => path.startsWith('domain/'),
    finds: (node) => {
      if (node.type === 'CallExpression' && isName(node.callee, 'parseFloat')) return 'parseFloat()';
      if (isMember(node, 'Number', 'parseFloat')) return 'Number.parseFloat';
      if (isMember(node, 'Math', 'round')) return 'Math.round';
      if (node.type === 'MemberExpression' && propertyName(node) === 'toFixed') return '.toFixed';
      return undefined;
    },
  },
  {
    name: 'domain-no-clock-no-dice',
    why:
      'Domain is pure: the same input gives the same answer, on any day. The caller passes the time (`now: Date`) or ' +
      'the random value in; this also lets a test run at New Year without waiting.',
    applies: (path) => path.startsWith('domain/'),
    finds: (node) => {
      if (isMember(node, 'Date', 'now')) return 'Date.now';
      if (isMember(node, 'Math', 'random')) return 'Math.random';
      if (node.type === 'NewExpression' && isName(node.callee, 'Date') && !node.arguments?.length) return 'new Date()';
      if (node.type === 'CallExpression' && isName(node.callee, 'Date')) return 'Date()';
      return undefined;
    },
  },
  {
    name: 'one-door-per-library-pg',
    why:
      'Repositories may only use the types of pg (`import type`): the pool, its limits and its error listener ' +
      'are in config/database.ts, and queries use the `tx` that a repository receives.',
    applies: (path) => path.startsWith('repositories/'),
    finds: (node) => {
      const imported = importOf(node);
      return imported?.specifier === 'pg' && !imported.typeOnly
        ? "import of 'pg' that is not `import type`"
        : undefined;
    },
  },
  {
    name: 'service-methods-tracked',
    why:
      'A public method of a service that takes the call does a unit of work, and its time and failures are a metric. Put ' +
      '@Track with a name of `noun.verb` on it. Methods that work within a transaction of others take `tx` and need none.',
    applies: (path) => /^services\/(?:\w+\/)?[A-Z]\w*(?:Service|Resource)\.ts$/.test(path),
    finds: untrackedMethod,
  },
];

/** Calls `visit` with every syntax node below `node`, parents first. */
export function walk(node, visit) {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, visit);
  } else if (node !== null && typeof node === 'object') {
    if (typeof node.type === 'string') visit(node);
    for (const key in node) {
      const child = node[key];
      if (child !== null && typeof child === 'object' && key !== 'span') walk(child, visit);
    }
  }
}

/** The import in a syntax node, in any of TypeScript's forms, or undefined. */
export function importOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source ? { specifier: node.source.value, typeOnly: Boolean(node.typeOnly) } : undefined;
    case 'TsImportType':
      return { specifier: node.argument.value, typeOnly: true };
    case 'TsExternalModuleReference':
      return { specifier: node.expression.value, typeOnly: false };
    case 'CallExpression': {
      const argument = node.callee.type === 'Import' ? node.arguments[0]?.expression : undefined;
      return argument?.type === 'StringLiteral' ? { specifier: argument.value, typeOnly: false } : undefined;
    }
    default:
      return undefined;
  }
}

/** A specifier without a leading `node:`. */
export function bare(specifier) {
  return specifier.replace(/^node:/, '');
}

function environmentRead(node) {
  if (node.type === 'MemberExpression' && propertyName(node) === 'env') {
    const holder = node.object;
    if (isName(holder, 'process') || (holder.type === 'MemberExpression' && propertyName(holder) === 'process')) {
      return 'process.env';
    }
  }
  if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern' && isName(node.init, 'process')) {
    if (node.id.properties.some((property) => isName(property.key, 'env'))) return 'const { env } = process';
  }
  if (node.type === 'ImportDeclaration' && bare(node.source.value) === 'process') {
    if (node.specifiers.some((specifier) => isName(specifier.imported ?? specifier.local, 'env'))) {
      return "import { env } from 'node:process'";
    }
  }
  return undefined;
}

function untrackedMethod(node) {
  if (node.type !== 'ClassMethod' || node.kind !== 'method' || node.isStatic) return undefined;
  const [first, second] = node.function.params.map(({ pat }) => pat.value);
  if (first !== 'call' || second === 'tx') return undefined;
  const isTracked = (node.function.decorators ?? []).some(
    ({ expression: { callee } }) => isName(callee, 'Track') || isName(callee, 'TrackOf'),
  );
  return isTracked ? undefined : `${node.key.value}() without @Track`;
}

function isName(node, name) {
  return node?.type === 'Identifier' && node.value === name;
}

function isMember(node, object, property) {
  return node.type === 'MemberExpression' && isName(node.object, object) && propertyName(node) === property;
}

function propertyName({ property }) {
  return property.type === 'Computed' ? property.expression.value : property.value;
}
