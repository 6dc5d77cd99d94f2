/** The fields in which two versions of an item differ, in words. */
import { useTranslations } from 'use-intl';
import type { MenuItem } from '../../../../client/src/api.js';
import { type Format, useFormat } from '../../i18n/format.js';
import type { Difference } from '../../ui/Conflict.js';
import { useLabels } from './DietFields.js';
import type { ItemBody } from './itemDraft.js';

export function useDifferences(): (mine: ItemBody, theirs: MenuItem) => Difference[] {
  const t = useTranslations('menu');
  const format = useFormat();
  const labels = useLabels().data;
  const names = new Map<string, string>([
    ...(labels?.allergens ?? []).map(({ code, name }) => [code, name] as const),
    ...(labels?.dietTags ?? []).map(({ code, name }) => [code, name] as const),
  ]);
  const wordsOf = (codes: readonly string[]): string => codes.map((code) => names.get(code) ?? code).join(', ');
  return (mine, theirs) => {
    const [own, other] = [itemWords(mine, format, wordsOf), itemWords(theirs, format, wordsOf)];
    return (Object.keys(own) as (keyof typeof own)[])
      .filter((name) => own[name] !== other[name])
      .map((name) => ({ label: t(name), mine: own[name] || '–', theirs: other[name] || '–' }));
  };
}

function itemWords(item: ItemBody | MenuItem, { money }: Format, wordsOf: (codes: readonly string[]) => string) {
  const { name, description, price, variants, station } = item;
  return {
    name,
    description: description ?? '',
    price: money(price),
    variants: (variants ?? []).map((one) => `${one.name} ${money(one.price)}`).join(', '),
    allergens: [wordsOf(item.allergens ?? []), ...(item.otherAllergens ?? [])].filter(Boolean).join(', '),
    dietTags: wordsOf(item.dietTags ?? []),
    station: station ?? '',
    picture: item.pictureId ?? '',
    schedules: (item.schedules ?? []).map(({ days, from, to }) => `${days.join(' ')} ${from}–${to}`).join(', '),
    translations: Object.entries(item.translations ?? {})
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([code, words]) => `${code}: ${words.name ?? ''} ${words.description ?? ''}`.trim())
      .join('; '),
  };
}
