import { useTranslations } from 'use-intl';
import { useFormat } from '../../i18n/format.js';
import { Chip } from '../../ui/Chip.js';
import type { Report } from './report.js';

const TONES = { ok: 'ok', busy: 'warn', degraded: 'warn', starting: 'warn', draining: 'warn' } as const;
const ICONS = { ok: 'check', warn: 'alert', bad: 'alert' } as const;

/** In words, what is well and what is not. */
export function State({ report: { status, uptimeSeconds, database, cache, process, eventLoop } }: { report: Report }) {
  const t = useTranslations('health');
  const { number } = useFormat();
  const { state } = cache.l2;
  const redisTone = state === 'absent' ? undefined : state === 'up' ? 'ok' : 'bad';
  return (
    <dl className="card health__state">
      <dt>{t('server')}</dt>
      <dd>
        <Lamp tone={toneOf(status)} text={t(`status.${status}`)} />
      </dd>
      <dt>{t('database')}</dt>
      <dd>
        <Lamp tone={toneOf(database.pool.level)} text={t(`pool.${database.pool.level}`)} />
      </dd>
      <dt>Redis</dt>
      <dd>
        <Lamp tone={redisTone} text={t(`redis.${state}`)} />
      </dd>
      <dt>{t('uptime')}</dt>
      <dd>
        {t('uptimeOf', {
          days: Math.floor(uptimeSeconds / 86_400),
          hours: Math.floor(uptimeSeconds / 3_600) % 24,
          minutes: Math.floor(uptimeSeconds / 60) % 60,
        })}
      </dd>
      <dt>{t('cpu')}</dt>
      <dd className="number">{number(process.cpuPercent / 100, { style: 'percent' })}</dd>
      {eventLoop.refused !== undefined && (
        <>
          <dt>{t('refused')}</dt>
          <dd className="number">{number(eventLoop.refused)}</dd>
        </>
      )}
    </dl>
  );
}

function toneOf(state: string): 'ok' | 'warn' | 'bad' {
  return TONES[state as keyof typeof TONES] ?? 'bad';
}

export function Lamp({ tone, text }: { tone: 'ok' | 'warn' | 'bad' | undefined; text: string }) {
  return (
    <Chip tone={tone} {...(tone && { icon: ICONS[tone] })}>
      {text}
    </Chip>
  );
}
