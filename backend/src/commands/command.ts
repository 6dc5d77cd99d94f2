/** What the commands of the command line share. */

export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

/** The restaurant of that id or name; without one, the only restaurant. @throws AppError saying which there are. */
export type FindRestaurant = (idOrName: string | undefined) => Promise<{ id: string; name: string }>;

/** Where a command writes: results to `out`, everything about them to `err`. */
export interface CommandStreams {
  out: { write(text: string): unknown };
  err: { write(text: string): unknown; isTTY?: boolean | undefined };
}
