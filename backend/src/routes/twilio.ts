/**
 * What Twilio tells us: texts that came in, calls, and reports about our texts. Signed by Twilio
 * over PUBLIC_URL and the raw body. Not in `/openapi.json`: nobody else may call it.
 */
import { type Request, type Response, Router } from 'express';
import { AppError } from '../domain/shared/errors.js';
import { EMPTY_TWIML } from '../formats/messages/twiml.js';
import { readBytes } from '../middleware/body.js';
import type { CallerLimits } from '../middleware/callerLimits.js';
import { stateOf } from '../middleware/requestContext.js';
import type { MessagingService } from '../services/MessagingService.js';
import type { VoiceCalls } from '../services/messaging/VoiceCalls.js';
import { Turn } from '../utils/turn.js';

const MAX_BYTES = 64_000;

interface Dependencies {
  messaging: MessagingService;
  voice: VoiceCalls;
  limits: CallerLimits;
}

export function twilioRouter({ messaging, voice, limits }: Dependencies): Router {
  const router = Router({ caseSensitive: true, strict: true });
  /** Reads a signed form. Only unsigned requests are counted: Twilio's come from few addresses. */
  const read = async (request: Request, response: Response): Promise<Map<string, string>> => {
    stateOf(request).route = `${request.method} ${request.path}`;
    const raw = (await readBytes(request, response, MAX_BYTES)).toString('utf8');
    const isJson = /json/.test(request.get('content-type') ?? '');
    const signature = request.get('x-twilio-signature');
    try {
      await messaging.assertSigned({ path: request.originalUrl, signature, raw, isJson });
    } catch (error) {
      await limits.stranger(request, response);
      throw error;
    }
    return isJson ? fieldsOf(raw) : new Map(new URLSearchParams(raw));
  };
  const answer = (response: Response, twiml: string): void => {
    response.set('cache-control', 'no-store').type('text/xml').send(twiml);
  };
  router.post('/v1/twilio/sms', async (request, response) => {
    const form = await read(request, response);
    const [id, from] = [form.get('MessageSid') ?? '', form.get('From') ?? ''];
    await messaging.hear({ id, from, text: form.get('Body') ?? '', optOutType: form.get('OptOutType') });
    answer(response, EMPTY_TWIML);
  });
  router.post('/v1/twilio/status', async (request, response) => {
    const form = await read(request, response);
    const code = Number(form.get('ErrorCode'));
    await messaging.report(queryOf(request, 'm'), {
      report: form.get('MessageStatus') ?? '',
      providerId: form.get('MessageSid') ?? '',
      code: Number.isInteger(code) && code > 0 ? code : undefined,
    });
    answer(response, EMPTY_TWIML);
  });
  router.post('/v1/twilio/voice', async (request, response) => {
    const form = await read(request, response);
    // A call waits for a model; it takes no place from those at work.
    Turn.of(request)?.end();
    const step = Number(queryOf(request, 'step') || 0);
    const spoken = { speech: form.get('SpeechResult'), digits: form.get('Digits') };
    answer(
      response,
      await voice.answer({
        callId: form.get('CallSid') ?? '',
        from: form.get('From') ?? '',
        step: Number.isInteger(step) ? step : 0,
        ...spoken,
      }),
    );
  });
  return router;
}

/** @throws AppError malformed_request. */
function fieldsOf(raw: string): Map<string, string> {
  try {
    const parsed: unknown = JSON.parse(raw);
    return new Map(Object.entries(Object(parsed) as object).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    throw new AppError('malformed_request', 'The body is not JSON.', { cause: error });
  }
}

function queryOf(request: Request, name: string): string {
  const value = request.query[name];
  return typeof value === 'string' ? value : '';
}
