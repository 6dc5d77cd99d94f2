/** The events wing: the feed of what has happened, and its readers. */
import { EventFeed } from '../repositories/event/EventFeed.js';
import { StreamTicketTable } from '../repositories/event/StreamTicketTable.js';
import { ProvenTokens } from '../services/auth/provenTokens.js';
import { EventService, positionsOf } from '../services/EventService.js';
import { FeedWatch } from '../services/event/FeedWatch.js';
import { LiveFeed } from '../services/event/LiveFeed.js';
import { StreamTickets } from '../services/event/StreamTickets.js';
import { streamObserver } from '../services/metrics/observers.js';
import type { Releases } from '../utils/releases.js';
import type { ContextOptions, Platform } from './platform.js';

export function createEvents(
  { database, unitOfWork, secrets, clock, metrics, log }: Platform,
  { redisUrl }: Pick<ContextOptions, 'redisUrl'>,
  releases: Releases,
) {
  const feed = new EventFeed();
  const watch = new FeedWatch({ redisUrl, log, look: positionsOf(database, feed) });
  releases.own('the watch of the event feed', watch, (one) => one.close());
  const live = new LiveFeed({ database, feed, watch, log, metrics: streamObserver(metrics) });
  const events = new EventService({ unitOfWork, database, feed, watch, live });
  const tokens = new ProvenTokens({ secrets });
  const streamTickets = new StreamTickets({
    unitOfWork,
    database,
    table: new StreamTicketTable(),
    tokens,
    secrets,
    clock,
  });
  return { events, streamTickets, feedWatch: watch };
}
