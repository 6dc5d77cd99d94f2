/** Printed when a server with its own database starts, and documented in the README. */
export const DEMO_LOGIN = { email: 'demo@servio.example', password: 'demo-servio-2026' };
