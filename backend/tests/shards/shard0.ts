/** About half of the test files; see support/shard.ts. */
import { runShard } from '../support/shard.js';

await runShard(0);
