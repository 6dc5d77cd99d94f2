/**
 * The code of a link: behind the `#`, which browsers send to no server. It is taken out of the
 * address, so that it is in no history.
 */
export function tokenOfAddress(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  if (token !== '') history.replaceState(history.state, '', location.pathname);
  return token;
}
