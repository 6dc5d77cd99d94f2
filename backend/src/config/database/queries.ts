/** Statements by name. */

/**
 * A named statement and the shape of its rows. Preparation, metrics and the slow-query log use the
 * name.
 */
export interface Query<Row> {
  readonly name: string;
  readonly text: string;
  /** Never set; carries the row type. */
  readonly row?: Row;
}

const declared = new Map<string, Query<unknown>>();

/**
 * Declares a named statement.
 * @param name `<noun>.<verb>`, unique in the program.
 * @throws Error when another text has the name: a connection that prepared one text would run it
 *   for the other.
 */
export function query<Row = unknown>(name: string, text: string): Query<Row> {
  if ((declared.get(name)?.text ?? text) !== text) throw new Error(`two statements are named ${name}`);
  const statement: Query<Row> = { name, text };
  declared.set(name, statement);
  return statement;
}

/** Every statement of the modules loaded so far. */
export function declaredQueries(): readonly Query<unknown>[] {
  return [...declared.values()];
}
