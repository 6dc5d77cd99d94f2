import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { OrderLine } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Chip } from '../../ui/Chip.js';

interface LinesProps {
  lines: readonly OrderLine[];
  /** A button at the end of a line. */
  actionOf?: (line: OrderLine) => ReactNode;
}

/** The lines of an order with what was chosen, and what each of them costs. */
export function Lines({ lines, actionOf }: LinesProps) {
  const t = useTranslations('order');
  return (
    <section aria-label={t('lines')}>
      <ul className="order__lines">
        {lines.map((line) => (
          <Line key={line.id} line={line} action={actionOf?.(line)} />
        ))}
      </ul>
    </section>
  );
}

function Line({ line, action }: { line: OrderLine; action: ReactNode }) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const { quantity, unit, name, variantName, modifiers, notes, voidedAt, comp, free, discountAmount, amount } = line;
  const isVoided = voidedAt !== null;
  return (
    <li className="order__line" data-voided={isVoided || undefined} data-part={line.parentLineId !== null || undefined}>
      <span className="order__quantity number">{unit === null ? quantity : `${quantity} ${unit}`}</span>
      <span className="order__line-text">
        <span className="order__line-name">
          {name}
          {variantName !== null && <span className="muted"> · {variantName}</span>}
        </span>
        {modifiers.map((one) => (
          <span key={one.modifierId} className="muted">
            + {one.quantity > 1 && `${one.quantity} × `}
            {one.name}
            {one.price > 0 && one.quantity > one.freeQuantity && ` (${money(one.price)})`}
          </span>
        ))}
        {notes !== null && <span className="order__note">{notes}</span>}
        {discountAmount > 0 && <span className="muted">{t('discounted', { amount: money(discountAmount) })}</span>}
        <span className="row">
          {isVoided && (
            <Chip tone="bad">{line.voidReason ? t('voidedFor', { reason: line.voidReason }) : t('voided')}</Chip>
          )}
          {comp !== null && <Chip tone="info">{t('comp', { reason: comp.reason })}</Chip>}
          {free !== null && <Chip tone="info">{t('comp', { reason: free.reason })}</Chip>}
        </span>
      </span>
      <span className="number">{money(amount)}</span>
      {action}
    </li>
  );
}
