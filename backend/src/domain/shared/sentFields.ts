/** Fields of a thing as callers send them: an absent or undefined field keeps its value or default. */
export type SentFields<T> = { [K in keyof T]?: T[K] | undefined };

/** The fields that were really sent. Neither an absent nor an undefined one may erase a stored value. */
export function withoutUndefined<T extends object>(sent: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Removing the undefined values leaves exactly these fields.
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
