import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Router } from 'express';
import { type StoredBody, storedBody } from '../utils/storedBody.js';
import { PAGE, START, STYLE } from './support/docsPage.js';
import { sendRendered } from './support/rendered.js';

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/**
 * Serves the API description and a page that shows it. All files are local, so the page works
 * offline.
 * @param description makes its text, when it is first asked for: it takes 2 MB.
 */
export function docsRouter(description: () => Promise<string>): Router {
  const router = Router();
  const serve = (path: string, type: string, load: () => Promise<Buffer>): void => {
    let stored: Promise<StoredBody> | undefined;
    router.get(path, async (request, response) => {
      stored ??= load().then(storedBody);
      const body = await stored.catch((error: unknown) => {
        stored = undefined;
        throw error;
      });
      await sendRendered(request, response, body, type);
    });
  };
  const made = (content: () => Promise<string>) => async () => Buffer.from(await content());
  const text = (content: string) => made(async () => content);
  const assets = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const asset = (name: string) => () => readFile(path.join(assets, name));
  serve('/openapi.json', 'application/json; charset=utf-8', made(description));
  serve('/docs', HTML, text(PAGE));
  serve('/docs/start.js', SCRIPT, text(START));
  serve('/docs/start.css', CSS, text(STYLE));
  serve('/docs/swagger-ui.css', CSS, asset('swagger-ui.css'));
  serve('/docs/swagger-ui-bundle.js', SCRIPT, asset('swagger-ui-bundle.js'));
  return router;
}

/** Servio's version, from package.json. */
export async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

/** The API description that the build wrote. @returns undefined if the build wrote none. */
export async function readDescription(): Promise<string | undefined> {
  try {
    return await readFile(new URL('../../openapi.json', import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}
