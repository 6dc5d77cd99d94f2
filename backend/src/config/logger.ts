/** Structured logs. Secrets are never written: the paths below are redacted first. */
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** @param level one of pino's levels, or `silent`. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: { service: 'servio' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'password',
        'accessToken',
        'refreshToken',
        'secret',
        '*.password',
        '*.accessToken',
        '*.refreshToken',
        '*.secret',
        'req.headers.authorization',
      ],
      censor: '[redacted]',
    },
  });
}
