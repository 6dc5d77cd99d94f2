import { useTranslations } from 'use-intl';
import type { ServiceCharge, WeeklyInterval } from '../../../../client/src/api.js';

/** Writes the value of a setting for people, so that two versions can be compared. */
export function useWords(): (name: string, value: unknown) => string {
  const t = useTranslations();
  return (name, value) => {
    if (value === null || value === undefined) return '';
    if (name === 'openingHours')
      // The setting of that name has this form.
      return (value as WeeklyInterval[])
        .map(({ days, from, to }) => `${days.map((day) => t(`settings.days.${day}`)).join(' ')} ${from}–${to}`)
        .join(', ');
    if (name === 'serviceCharge') {
      const { rate, orderTypes } = value as ServiceCharge;
      return `${rate} % ${orderTypes.map((type) => t(`orderType.${type}`)).join(', ')}`;
    }
    if (name === 'orderTypes') return (value as string[]).map((type) => t(`orderType.${type as 'dine_in'}`)).join(', ');
    if (Array.isArray(value)) return value.join(', ');
    if (typeof value === 'boolean') return t(value ? 'settings.yes' : 'settings.no');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  };
}
