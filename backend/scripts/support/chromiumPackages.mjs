/**
 * A Chromium for the tests of the console: the one that is there, or that of the system's packages.
 */
import fs from 'node:fs';
import path from 'node:path';
import { installPackage, mayInstall } from './aptPackages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const ADVICE = 'Install chromium with your package manager, or name one in CHROMIUM.';

/**
 * @returns {Promise<{ command: string } | { reason: string }>} the program, or why there is none.
 */
export async function bringChromium(log = () => undefined) {
  const given = process.env.CHROMIUM;
  if (given)
    return fs.existsSync(given) ? { command: given } : { reason: `CHROMIUM is set, but there is no ${given}.` };
  const found = find();
  if (found) return { command: found };
  if (!mayInstall()) return { reason: `There is no Chromium. ${ADVICE}` };
  try {
    await installPackage('chromium', log);
  } catch (error) {
    return { reason: `Chromium could not be installed: ${(error.stderr || error.message).trim()}\n${ADVICE}` };
  }
  const command = find();
  return command ? { command } : { reason: `The package contains no Chromium. ${ADVICE}` };
}

function find() {
  const places = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin'].filter(Boolean);
  const files = places.flatMap((place) => NAMES.map((name) => path.join(place, name)));
  return files.find((file) => fs.existsSync(file));
}
