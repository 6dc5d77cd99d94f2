/** SQL of the names of people and API keys, as `createdBy` and the audit log have them. */

/** The id of a person of this kind; null for others. */
function idIn(kind: 'user' | 'api_key', person: string): string {
  return `case when ${person} ~ '^${kind}:[0-9a-f-]{36}$' then split_part(${person}, ':', 2)::uuid end`;
}

/**
 * The name of today, also of a person who has left. Null for others, such as the system.
 * @param person SQL of a text such as `user:<id>`; `$1` is the restaurant.
 */
export function nameOfPerson(person: string): string {
  return `coalesce(
       (select u.name from users u where u.id = ${idIn('user', person)}),
       (select k.name from api_keys k where k.restaurant_id = $1 and k.id = ${idIn('api_key', person)}))`;
}
