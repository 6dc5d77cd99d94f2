import { Router } from 'express';

/** Probes. `live` touches nothing; `ready` asks the database. */
export function healthRouter(database: { ping(): Promise<void> }): Router {
  const router = Router();
  router.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/health/ready', async (_request, response) => {
    await database.ping();
    response.json({ status: 'ok' });
  });
  return router;
}
