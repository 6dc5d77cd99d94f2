import { useTranslations } from 'use-intl';
import { Icon } from '../../ui/Icon.js';

/** As on a telephone. */
export const KEYS = [
  ['1', '2', '3'],
  ['4', '5', '6'],
  ['7', '8', '9'],
  ['.', '0', 'Backspace'],
] as const;
/** The API takes six decimals; nobody weighs finer than a gram. */
const MOST_DECIMALS = 3;
const MOST_DIGITS = 7;

/** The text after a press of a key. */
export function pressed(text: string, key: string): string {
  if (key === 'Backspace') return text.slice(0, -1);
  const [whole = '', part] = text.split('.');
  if (key === '.') return part === undefined ? `${text || '0'}.` : text;
  if (part !== undefined) return part.length < MOST_DECIMALS ? text + key : text;
  return whole.length < MOST_DIGITS ? `${text === '0' ? '' : text}${key}` : text;
}

/** Large enough for a thumb in a glove. */
export function Keypad({ onPress }: { onPress: (key: string) => void }) {
  const t = useTranslations('stockCount');
  return (
    <div className="stock-keypad" dir="ltr" role="group" aria-label={t('keypad')}>
      {KEYS.flat().map((key) => (
        <button
          key={key}
          type="button"
          className="stock-keypad__key number"
          aria-label={{ Backspace: t('delete'), '.': t('point') }[key as string] ?? key}
          onClick={() => onPress(key)}
        >
          {key === 'Backspace' ? <Icon name="erase" /> : key}
        </button>
      ))}
    </div>
  );
}
