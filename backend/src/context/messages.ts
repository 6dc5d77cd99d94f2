/** The messages wing: texts over Twilio, mail over SMTP, telephone calls. */
import { SmtpClient } from '../clients/SmtpClient.js';
import type { OpenAiClient } from '../clients/OpenAiClient.js';
import { TwilioClient } from '../clients/TwilioClient.js';
import { hostAndPortOf, type OutsideParties } from '../config/outsideParties.js';
import { AssistantRepository } from '../repositories/AssistantRepository.js';
import { MessagingRepository } from '../repositories/MessagingRepository.js';
import { Budget } from '../services/assistant/Budget.js';
import { HttpClientService } from '../services/HttpClientService.js';
import { MessagingService } from '../services/MessagingService.js';
import { Announcer } from '../services/messaging/Announcer.js';
import { Causes } from '../services/messaging/Causes.js';
import { Consents } from '../services/messaging/Consents.js';
import { Dispatcher } from '../services/messaging/Dispatcher.js';
import { Outbox } from '../services/messaging/Outbox.js';
import { VoiceCalls } from '../services/messaging/VoiceCalls.js';
import { messageObserver, outsideCallObserver } from '../services/metrics/observers.js';
import type { PrintService } from '../services/PrintService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import type { TradeServices } from '../services/demo/DemoTrade.js';
import { Nudge } from '../utils/nudge.js';
import type { Releases } from '../utils/releases.js';
import type { Platform } from './platform.js';

/** Made before the people, who write mails. */
export function createOutbox(
  { secrets, clock, metrics }: Platform,
  restaurants: RestaurantService,
  outside: OutsideParties | undefined,
) {
  const repository = new MessagingRepository();
  const messagesWritten = new Nudge();
  const outbox = new Outbox({
    repository,
    restaurants,
    secrets,
    clock,
    metrics: messageObserver(metrics),
    written: messagesWritten,
    channels: { sms: outside?.twilio !== undefined, email: outside?.mail !== undefined },
  });
  return { repository, outbox, messagesWritten, announcer: new Announcer(outbox) };
}

interface Wings {
  platform: Platform;
  restaurants: RestaurantService;
  trade: TradeServices;
  prints: PrintService;
  post: ReturnType<typeof createOutbox>;
  model: OpenAiClient | undefined;
}

export function createMessages(
  { platform, restaurants, trade, prints, post, model }: Wings,
  outside: OutsideParties | undefined,
  releases: Releases,
) {
  const { unitOfWork, database, cursors, clock, metrics, log, secrets } = platform;
  const { repository, outbox } = post;
  const observer = messageObserver(metrics);
  const twilio = outside?.twilio && createTwilio(outside.twilio, platform, releases);
  const smtp = outside?.mail && releases.own('the mail client', new SmtpClient(outside.mail), (one) => one.close());
  const consents = new Consents({ unitOfWork, repository, cursors, clock, metrics: observer });
  const { orders, inventory, menu } = trade;
  const causes = new Causes({ unitOfWork, repository, restaurants, orders, inventory, outbox, clock });
  const publicUrl = outside?.publicUrl;
  const dispatcher = new Dispatcher({
    unitOfWork,
    database,
    repository,
    restaurants,
    outbox,
    consents,
    causes,
    twilio,
    smtp,
    publicUrl,
    clock,
    metrics: observer,
    log,
  });
  const messaging = new MessagingService({
    unitOfWork,
    database,
    repository,
    restaurants,
    prints,
    outbox,
    consents,
    dispatcher,
    twilio,
    publicUrl,
    cursors,
    clock,
    metrics: observer,
  });
  const limits = outside?.budget ?? { restaurant: 1_000_000, user: 200_000 };
  const voice = new VoiceCalls({
    unitOfWork,
    database,
    repository,
    restaurants,
    orders,
    menu,
    client: model,
    budget: new Budget({ unitOfWork, repository: new AssistantRepository(), clock, limits }),
    secrets,
    publicUrl,
    clock,
    log,
    onStep: (state) => metrics.count('voice_steps_total', { state }),
  });
  return { messaging, voice, messagesWritten: post.messagesWritten };
}

function createTwilio(
  settings: NonNullable<OutsideParties['twilio']>,
  { metrics }: Platform,
  releases: Releases,
): TwilioClient {
  const http = new HttpClientService({
    allowedHosts: [hostAndPortOf(settings.baseUrl)],
    onlyAllowedHosts: true,
    onCall: outsideCallObserver(metrics),
  });
  releases.own('the HTTP client of Twilio', http, (one) => one.close());
  return new TwilioClient({
    ...settings,
    send: async (method, url, { headers, body, signal }) => {
      const answer = await http.request('twilio', url, {
        method,
        headers,
        signal,
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.status, body: answer.text(), headers: answer.headers };
    },
  });
}
