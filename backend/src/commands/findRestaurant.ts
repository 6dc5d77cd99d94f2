import { AppError } from '../domain/shared/errors.js';

interface KnownRestaurant {
  id: string;
  name: string;
}

/**
 * Picks the restaurant for a command.
 * @param idOrName undefined: the only restaurant there is.
 * @throws AppError not_found that lists the restaurants, when none or several match.
 */
export function findRestaurant<T extends KnownRestaurant>(all: readonly T[], idOrName: string | undefined): T {
  const found =
    idOrName === undefined ? all : all.filter(({ id, name }) => id === idOrName.toLowerCase() || name === idOrName);
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  const list = all.map(({ id, name }) => `  ${id}  ${name}`).join('\n');
  const problem =
    found.length > 1
      ? 'Several restaurants match: name one with --restaurant and its id.'
      : 'There is no such restaurant.';
  throw new AppError('not_found', `${problem}\n${list === '' ? '  (none: register one first)' : list}`);
}
