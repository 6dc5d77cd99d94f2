import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { PurchaseOrderLine } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { microsFrom, openOf, quantityText } from '../purchasing/quantity.js';
import type { Delivery } from './drafts.js';
import { Stepper } from './Stepper.js';

interface DeliveryLineProps {
  line: PurchaseOrderLine;
  delivery: Delivery;
  onChange: (part: Partial<Delivery>) => void;
}

/** One line at the door: the open quantity is there already. */
export function DeliveryLine({ line, delivery: { quantities, prices }, onChange }: DeliveryLineProps) {
  const t = useTranslations('receiving');
  const { money } = useFormat();
  const open = openOf(line);
  const text = quantities[line.id] ?? quantityText(open);
  const [isPricing, setPricing] = useState(line.unitPrice === null || prices[line.id] !== undefined);
  const price = prices[line.id] ?? line.unitPrice ?? undefined;
  const setPrice = (amount: number | undefined): void => {
    const { [line.id]: _, ...others } = prices;
    onChange({ prices: amount === undefined || amount === line.unitPrice ? others : { ...others, [line.id]: amount } });
  };
  return (
    <li className="receiving__line">
      <div className="receiving__head">
        <strong>{line.name}</strong>
        <Came open={open} came={microsFrom(text)} unit={line.unit} />
      </div>
      <span className="muted">
        {[t('open', { quantity: quantityText(open), unit: line.unit }), line.articleNumber].filter(Boolean).join(' · ')}
      </span>
      <Stepper
        label={t('cameOf', { name: line.name })}
        value={text}
        onChange={(typed) => onChange({ quantities: { ...quantities, [line.id]: typed } })}
      />
      {isPricing ? (
        <div className="receiving__price">
          <MoneyField label={t('priceOf', { unit: line.unit })} value={price} onChange={setPrice} />
          <PriceDifference ordered={line.unitPrice} charged={prices[line.id]} />
        </div>
      ) : (
        <Button look="quiet" className="receiving__reprice" onClick={() => setPricing(true)}>
          {t('each', { price: money(line.unitPrice ?? 0), unit: line.unit })} · {t('otherPrice')}
        </Button>
      )}
    </li>
  );
}

/** Says in a word what differs from the order. */
function Came({ open, came, unit }: { open: number; came: number | undefined; unit: string }) {
  const t = useTranslations('receiving');
  if (came === undefined) return <Chip tone="bad">{t('noNumber')}</Chip>;
  const difference = quantityText(Math.abs(came - open));
  if (came < open) return <Chip tone="warn">{t('short', { quantity: difference, unit })}</Chip>;
  if (came > open) return <Chip tone="warn">{t('over', { quantity: difference, unit })}</Chip>;
  return open === 0 ? (
    <Chip>{t('done')}</Chip>
  ) : (
    <Chip tone="ok" icon="check">
      {t('asOrdered')}
    </Chip>
  );
}

function PriceDifference({ ordered, charged }: { ordered: number | null; charged: number | undefined }) {
  const t = useTranslations('receiving');
  const { money } = useFormat();
  if (ordered === null || charged === undefined) return null;
  const difference = charged - ordered;
  return (
    <Chip tone={difference > 0 ? 'bad' : 'ok'}>
      {t(difference > 0 ? 'dearer' : 'cheaper', { amount: money(Math.abs(difference)) })}
    </Chip>
  );
}
