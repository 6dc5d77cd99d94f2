import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { StockCountSheet } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Icon } from '../../ui/Icon.js';
import { FinishDialog } from './FinishDialog.js';
import { KEYS, Keypad, pressed } from './Keypad.js';

/** Blind: the book's quantity is not shown, or people would find it. */
export function CountSheet({ sheet }: { sheet: StockCountSheet }) {
  const t = useTranslations('stockCount');
  const firstOpen = sheet.lines.findIndex(({ countedQuantity }) => countedQuantity === null);
  const [place, setPlace] = useState(Math.max(0, firstOpen));
  const [text, setText] = useState('');
  const [isFinishing, setFinishing] = useState(false);
  const record = useChange('recordStockCountLines', ['getStockCount', 'listStockCounts']);
  const line = sheet.lines[place];
  const goTo = (next: number): void => {
    setPlace(Math.max(0, Math.min(sheet.lines.length - 1, next)));
    setText('');
  };
  const press = (key: string): void => setText((before) => pressed(before, key));
  const save = (): void => {
    if (!line || record.isPending) return;
    if (text === '' || text === '.') return goTo(place + 1);
    record.mutate(
      { id: sheet.id, body: { lines: [{ inventoryItemId: line.inventoryItemId, quantity: Number(text).toString() }] } },
      { onSuccess: () => (place === sheet.lines.length - 1 ? setText('') : goTo(place + 1)) },
    );
  };
  useShortcuts({
    ...Object.fromEntries(KEYS.flat().map((key) => [key, () => press(key)])),
    ',': () => press('.'),
    Enter: save,
    ArrowRight: () => goTo(place + 1),
    ArrowLeft: () => goTo(place - 1),
  });
  if (!line) return <p>{t('nothingToCount')}</p>;
  const counted = sheet.lines.filter(({ countedQuantity }) => countedQuantity !== null).length;
  return (
    <div className="stock-count__columns">
      <div className="card stock-count__pad">
        <p className="muted">{t('progress', { place: place + 1, all: sheet.lines.length, counted })}</p>
        <progress className="stock-count__progress" max={sheet.lines.length} value={counted} aria-label={t('title')} />
        <p className="stock-count__name">{line.name}</p>
        <output className="stock-count__value number" aria-live="polite">
          <Value text={text} known={line.countedQuantity} /> <span className="muted">{line.unit}</span>
        </output>
        <FormFailure error={record.error} />
        <Keypad onPress={press} />
        <div className="stock-count__moves">
          <Button icon="back" onClick={() => goTo(place - 1)} disabled={place === 0}>
            {t('before')}
          </Button>
          <Button look="main" isBusy={record.isPending} onClick={save}>
            {text === '' ? t('skip') : t('next')}
          </Button>
        </div>
        <Button icon="check" isWide onClick={() => setFinishing(true)} disabled={counted === 0}>
          {t('finish')}
        </Button>
      </div>
      <List sheet={sheet} place={place} onChoose={goTo} />
      {isFinishing && <FinishDialog sheet={sheet} onClose={() => setFinishing(false)} />}
    </div>
  );
}

/** The typed quantity; before that, the one counted already. */
function Value({ text, known }: { text: string; known: string | null }) {
  const { number } = useFormat();
  if (text !== '') return text;
  return known === null ? '–' : number(Number(known), { maximumFractionDigits: 3 });
}

interface ListProps {
  sheet: StockCountSheet;
  place: number;
  onChoose: (place: number) => void;
}

function List({ sheet, place, onChoose }: ListProps) {
  const t = useTranslations('stockCount');
  const { number } = useFormat();
  return (
    <ul className="card stock-count__list" aria-label={t('items')}>
      {sheet.lines.map(({ inventoryItemId, name, unit, countedQuantity }, at) => (
        <li key={inventoryItemId}>
          <button
            type="button"
            className="stock-count__item"
            aria-current={at === place || undefined}
            onClick={() => onChoose(at)}
          >
            {countedQuantity === null ? (
              <span className="stock-count__open" />
            ) : (
              <Icon name="check" label={t('counted')} />
            )}
            <span>{name}</span>
            <span className="number muted">
              {countedQuantity !== null && `${number(Number(countedQuantity), { maximumFractionDigits: 3 })} ${unit}`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
