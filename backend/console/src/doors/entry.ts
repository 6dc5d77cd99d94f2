/** The calls of somebody who has no session yet, and the session that they get. */
import type { Operations } from '../../../client/src/api.js';
import { ServioClient } from '../../../client/src/client.js';

/** The answer to a login: the session, and who it is of. */
export type Entry = Operations['login']['answers'];

/** Begins the session, in the page that is there. It rejects if the page cannot be loaded. */
export type Enter = (entry: Entry) => Promise<void> | void;

/** It has no session of its own: a refused login must not try to renew an old one. */
export const doorClient = new ServioClient({ baseUrl: '', patienceMs: 0 });
