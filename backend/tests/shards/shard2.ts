/** The test files of the browser; see support/shard.ts. */
import { runShard } from '../support/shard.js';

await runShard(2);
