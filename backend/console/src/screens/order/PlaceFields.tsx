import { useTranslations } from 'use-intl';
import type { OrderType } from '../../../../client/src/api.js';
import { SelectField } from '../../ui/Field.js';

const COURSES = 6;
const SEATS = 20;

export interface Place {
  course: number | null;
  seat: number | null;
}

/** The course and the seat that a line is for; guests who take their food along have neither. */
export function PlaceFields({
  type,
  value,
  onChange,
  seats = SEATS,
}: {
  type: OrderType;
  value: Place;
  onChange: (value: Partial<Place>) => void;
  seats?: number;
}) {
  const t = useTranslations('order');
  if (type !== 'dine_in' && type !== 'catering') return null;
  const choices = (most: number, chosen: number | null) => [
    { value: '', label: t('noPlace') },
    ...Array.from({ length: Math.max(most, chosen ?? 0) }, (_, at) => ({ value: `${at + 1}`, label: `${at + 1}` })),
  ];
  const numberOf = (text: string): number | null => (text === '' ? null : Number(text));
  return (
    <>
      <SelectField
        label={t('course')}
        choices={choices(COURSES, value.course)}
        value={value.course ?? ''}
        onChange={({ target }) => onChange({ course: numberOf(target.value) })}
      />
      <SelectField
        label={t('seat')}
        choices={choices(seats, value.seat)}
        value={value.seat ?? ''}
        onChange={({ target }) => onChange({ seat: numberOf(target.value) })}
      />
    </>
  );
}
