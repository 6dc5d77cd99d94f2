/**
 * Loaded into a server under test (`node --import`). It measures how long the event loop is blocked
 * and reports it on its own port. It counts the time that the main thread computed between two
 * ticks of a timer, not the time that passed. A busy machine delays every process, but makes none
 * of them compute more.
 */
import { openSync, readSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

const BEAT_MS = 5;
const KEEP_ALIVE_MS = 300_000;
/** Long enough for a beat after what is asked about. */
const SETTLE_MS = 4 * BEAT_MS;

export interface LoopReport {
  /** The longest stretch of computing since the last question, in milliseconds. */
  heldMs: number;
  /** Computing since the last question. */
  busyMs: number;
}

if (isMainThread && process.env['LOOP_WATCH_PORT']) watch(Number(process.env['LOOP_WATCH_PORT']));

function watch(port: number): void {
  const cpuMs = mainThreadClock();
  let last = cpuMs();
  let heldMs = 0;
  let busyMs = 0;
  const beat = () => {
    const now = cpuMs();
    heldMs = Math.max(heldMs, now - last);
    busyMs += now - last;
    last = now;
  };
  setInterval(beat, BEAT_MS).unref();
  const server = createServer((_request, response) => {
    void sleep(SETTLE_MS).then(() => {
      beat();
      response.end(JSON.stringify({ heldMs, busyMs } satisfies LoopReport));
      heldMs = 0;
      busyMs = 0;
    });
  });
  // A question often comes five seconds after the last one, when Node by default closes.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port, '127.0.0.1').unref();
}

/**
 * Watches the loop of this process. @returns a function that ends it and says the longest stretch
 * of computing, in milliseconds.
 */
export function watchOwnLoop(): () => number {
  const cpuMs = mainThreadClock();
  let last = cpuMs();
  let heldMs = 0;
  const beat = () => {
    const now = cpuMs();
    heldMs = Math.max(heldMs, now - last);
    last = now;
  };
  const timer = setInterval(beat, BEAT_MS);
  return () => {
    clearInterval(timer);
    beat();
    return heldMs;
  };
}

/**
 * Computing time of the main thread, in milliseconds. Where the system does not report it by
 * thread, the time that passed.
 */
function mainThreadClock(): () => number {
  if (process.platform !== 'linux') return () => performance.now();
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const bytes = Buffer.alloc(100);
  // Nanoseconds on a core, nanoseconds of waiting for one, and how often it was given one.
  return () => Number(bytes.toString('latin1', 0, readSync(file, bytes, 0, 100, 0)).split(' ')[0]) / 1e6;
}
