/** Printed at the start of a server with its own database, and written in the README. */
export const DEMO_LOGIN = { email: 'demo@servio.example', password: 'demo-servio-2026' };
