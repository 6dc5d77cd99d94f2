/** Shared parts of the commands of the command line. */

export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

/**
 * Finds the restaurant by id or name; without one, the only restaurant. @throws AppError that lists
 * the restaurants.
 */
export type FindRestaurant = (idOrName: string | undefined) => Promise<{ id: string; name: string }>;

/** Where a command writes: results to `out`, messages to `err`. */
export interface CommandStreams {
  out: { write(text: string): unknown };
  err: { write(text: string): unknown; isTTY?: boolean | undefined };
}
