/**
 * An instance that claims codes as fast as it can, until it is killed. It writes each code to a
 * file after its claim was acknowledged: a line that is there was answered.
 */
import { openSync, writeSync } from 'node:fs';
import { createContext } from '../../src/context.js';
import { createLogger } from '../../src/config/logger.js';
import { keepRefillingCodePools } from '../../src/jobs/refillCodePools.js';
import { systemCall } from '../../src/domain/shared/call.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { TEST_SECRET } from './database.js';

interface Orders {
  file: string;
  appUrl: string;
  restaurantId: string;
  poolIds: string[];
  callers: number;
  deadAfterMs: number;
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders; // Written by codeKills.test.ts.
const file = openSync(orders.file, 'a');
const context = createContext({
  appUrl: orders.appUrl,
  secret: TEST_SECRET,
  log: createLogger('silent'),
  codesDeadAfterMs: orders.deadAfterMs,
});
const beat = { everyMs: Math.max(20, orders.deadAfterMs / 8) };
keepRefillingCodePools(context, { beat, tend: { everyMs: 200 } });
// The heartbeat alone keeps no process alive.
setInterval(() => undefined, 1_000);
writeSync(file, 'ready\n');

async function claim(poolId: string): Promise<void> {
  for (;;) {
    try {
      const call = systemCall(orders.restaurantId, 'test');
      for (const { code, id } of await context.codePools.claim(call, poolId, { count: 1 }))
        writeSync(file, `${poolId} ${code} ${id ?? '-'}\n`);
    } catch (error) {
      if (!(error instanceof AppError)) writeSync(2, `${String(error)}\n`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // Memory claims never wait: let heartbeats and refills have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

for (const poolId of orders.poolIds) for (let caller = 0; caller < orders.callers; caller += 1) void claim(poolId);
