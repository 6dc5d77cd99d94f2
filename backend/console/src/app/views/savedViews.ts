/** Views of lists that a person saved: filters and order under a name, kept at the server. */
import { useMemo } from 'react';
import { ServioError } from '../../../../client/src/client.js';
import { isConflict } from '../../ui/Conflict.js';
import { refresh, useCall } from '../queries.js';
import { client } from '../session.js';

export interface View {
  name: string;
  /** The parameters of the address, as text, in the order that the list names them. */
  search: string;
  /** The list opens with it. */
  isDefault: boolean;
}

export const MOST_NAME_CHARS = 60;
/** They are one preference, which has at most 8,000 bytes. */
export const MOST_VIEWS = 20;
/** More preferences than a person may have. */
const LIMIT = 100;

/** @returns undefined while they are loaded. */
export function useSavedViews(list: string): readonly View[] | undefined {
  const { data } = useCall('listPreferences', { query: { limit: LIMIT } });
  return useMemo(() => {
    if (!data) return undefined;
    return viewsOf(data.data.find(({ key }) => key === keyOf(list))?.value);
  }, [data, list]);
}

/**
 * Changes the views of a list. Another tab may do so at once: the change is made again to what that
 * tab left. @throws ServioError when it is refused for another reason.
 */
export async function changeViews(list: string, change: (views: readonly View[]) => readonly View[]): Promise<void> {
  const key = keyOf(list);
  for (let isFirst = true; ; isFirst = false) {
    const { data } = await client.call('listPreferences', { query: { limit: LIMIT } });
    const stored = data.data.find((one) => one.key === key);
    const value = { views: change(viewsOf(stored?.value)) };
    try {
      if (stored) await client.call('changePreference', { key, body: { value }, ifMatch: `"${stored.version}"` });
      else await client.call('createPreference', { body: { key, value } });
      return await refresh(['listPreferences']);
    } catch (error) {
      if (!isFirst || !isOvertaken(error)) throw error;
    }
  }
}

function isOvertaken(error: unknown): boolean {
  return isConflict(error) || (error instanceof ServioError && error.problem.code === 'already_exists');
}

function keyOf(list: string): string {
  return `views.${list}`;
}

/** The server keeps any object: only what is a view is taken from it. */
function viewsOf(value: Record<string, unknown> | undefined): View[] {
  const { views } = value ?? {};
  return Array.isArray(views) ? views.filter(isView) : [];
}

function isView(value: unknown): value is View {
  if (typeof value !== 'object' || value === null) return false;
  const { name, search, isDefault } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof search === 'string' && typeof isDefault === 'boolean';
}

/** @param names all parameters that belong to a view; others, such as an open sheet, do not. */
export function searchOf(params: URLSearchParams, names: readonly string[]): string {
  const kept = names.flatMap((name): [string, string][] => {
    const value = params.get(name);
    return value ? [[name, value]] : [];
  });
  return new URLSearchParams(kept).toString();
}
