import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order, OrderLine } from '../../../../client/src/api.js';
import { IconButton } from '../../ui/Button.js';
import { isOpen } from '../order/actions.js';
import { Lines } from '../order/Lines.js';
import { LineDialog } from './LineDialog.js';

/** The lines of a placed order; a press on one changes it. */
export function OrderLines({ order }: { order: Order }) {
  const t = useTranslations('till');
  const [opened, setOpened] = useState<OrderLine>();
  const canChange = ({ voidedAt, parentLineId }: OrderLine): boolean =>
    isOpen(order.status) && voidedAt === null && parentLineId === null;
  return (
    <>
      <Lines
        lines={order.lines}
        actionOf={(line) =>
          canChange(line) && (
            <IconButton icon="more" label={t('changeLine', { name: line.name })} onClick={() => setOpened(line)} />
          )
        }
      />
      {opened && <LineDialog order={order} line={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}
