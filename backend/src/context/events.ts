/** The events wing: the feed of what has happened, and its readers. */
import { EventFeed } from '../repositories/event/EventFeed.js';
import { EventService, positionsOf } from '../services/EventService.js';
import { FeedWatch } from '../services/event/FeedWatch.js';
import type { Releases } from '../utils/releases.js';
import type { ContextOptions, Platform } from './platform.js';

export function createEvents(
  { database, unitOfWork, log }: Platform,
  { redisUrl }: Pick<ContextOptions, 'redisUrl'>,
  releases: Releases,
) {
  const feed = new EventFeed();
  const watch = new FeedWatch({ redisUrl, log, look: positionsOf(database, feed) });
  releases.own('the watch of the event feed', watch, (one) => one.close());
  const events = new EventService({ unitOfWork, database, feed, watch });
  return { events, feedWatch: watch };
}
