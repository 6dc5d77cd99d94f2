/** What this browser remembers of its last session. None of it lets anybody in. */
import { rememberedStore } from './store.js';

/** Whether this browser had a session: without one, a refresh would only be refused. */
export const hadSession = rememberedStore('session', (value) => value === true);

export const lastEmail = rememberedStore('email', (value) => (typeof value === 'string' ? value : ''));
