/** The codes wing: pools, and the parts of them that orders and payments use. */
import { CodePoolRepository } from '../repositories/CodePoolRepository.js';
import { CodePoolService } from '../services/CodePoolService.js';
import { codeObserver } from '../services/metrics/codeObserver.js';
import type { Releases } from '../utils/releases.js';
import type { People } from './people.js';
import type { Platform } from './platform.js';

/** Time to give the leases back. */
const LEASES_BOUND_MS = 5_000;

export function createCodes(
  { unitOfWork, secrets, clock, cursors, log, metrics }: Platform,
  { restaurants }: People,
  releases: Releases,
  deadAfterMs: number | undefined,
): CodePoolService {
  const codePools = new CodePoolService({
    unitOfWork,
    repository: new CodePoolRepository(),
    restaurants,
    secrets,
    metrics: codeObserver(metrics),
    cursors,
    clock,
    log,
    deadAfterMs,
  });
  return releases.own('the code pools', codePools, (one) => one.close(), LEASES_BOUND_MS);
}
