import { useTranslations } from 'use-intl';
import { useFormat } from '../i18n/format.js';
import { useNow } from './useNow.js';

/** @param amount in minor units of the restaurant's currency, or of `currency`. */
export function Money({ amount, currency }: { amount: number | string; currency?: string }) {
  return <span className="number">{useFormat().money(amount, currency)}</span>;
}

/** A time of day in the restaurant's zone; the date is in its title. */
export function Time({ at }: { at: string }) {
  const format = useFormat();
  return (
    <time className="number" dateTime={at} title={format.date(at)}>
      {format.time(at)}
    </time>
  );
}

/** How long ago something was, in minutes and hours; it goes on by itself. */
export function Duration({ since }: { since: string }) {
  const t = useTranslations();
  const minutes = Math.max(0, Math.floor((useNow(10_000) - Date.parse(since)) / 60_000));
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1_440)];
  if (days > 0) return <span className="number">{t('days', { count: days })}</span>;
  if (hours > 0) return <span className="number">{t('hours', { hours, minutes: minutes % 60 })}</span>;
  return <span className="number">{t('minutes', { count: minutes })}</span>;
}
