import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order, OrderLine } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { useFormat } from '../../i18n/format.js';
import { IconButton } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { lineActions } from './actions.js';
import { LineDialog } from './LineDialog.js';

/** The lines of an order with what was chosen, what each of them costs, and what can be done. */
export function Lines({ order }: { order: Order }) {
  const t = useTranslations('order');
  const { scopes } = useMe();
  const [opened, setOpened] = useState<OrderLine>();
  return (
    <section aria-label={t('lines')}>
      <ul className="order__lines">
        {order.lines.map((line) => (
          <Line
            key={line.id}
            line={line}
            onOpen={lineActions(order, line, scopes).length > 0 ? setOpened : undefined}
          />
        ))}
      </ul>
      {opened && <LineDialog order={order} line={opened} onClose={() => setOpened(undefined)} />}
    </section>
  );
}

function Line({ line, onOpen }: { line: OrderLine; onOpen: ((line: OrderLine) => void) | undefined }) {
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
      <span className="order__line-end">
        <span className="number">{money(amount)}</span>
        {onOpen && (
          <IconButton icon="more" label={t('lineMore', { name })} className="no-print" onClick={() => onOpen(line)} />
        )}
      </span>
    </li>
  );
}
