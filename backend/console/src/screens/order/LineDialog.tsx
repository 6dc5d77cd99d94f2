import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMe } from '../../app/me.js';
import { Dialog } from '../../ui/Dialog.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { type LineAction, lineActions } from './actions.js';
import { LineCompForm } from './CompForms.js';
import { LineDiscountForm } from './DiscountForms.js';
import { HandOut } from './HandOut.js';
import type { LineFormProps } from './lineForm.js';
import { QuantityForm } from './QuantityForm.js';
import { VoidForm } from './VoidForm.js';
import { WishForm } from './WishForm.js';

const FORMS: Record<LineAction, (props: LineFormProps) => React.ReactNode> = {
  discount: LineDiscountForm,
  comp: LineCompForm,
  quantity: QuantityForm,
  wish: WishForm,
  void: VoidForm,
  vouchers: HandOut,
};

/** What can be done with one line: what it would change is seen before it is done. */
export function LineDialog({ order, line, onClose }: LineFormProps) {
  const t = useTranslations('order');
  const { scopes } = useMe();
  // Kept as it was opened: the choice does not jump while the order changes.
  const [actions] = useState(() => lineActions(order, line, scopes));
  const [chosen, setChosen] = useState(actions[0]);
  const Form = chosen && FORMS[chosen];
  return (
    <Dialog title={t('lineTitle', { quantity: line.quantity, name: line.name })} onClose={onClose}>
      <div className="stack">
        {actions.length > 1 && chosen && (
          <RadioRow
            label={t('lineAction')}
            name="action"
            value={chosen}
            onChange={setChosen}
            choices={actions.map((value) => ({ value, label: t(`lineActions.${value}`) }))}
          />
        )}
        {Form && <Form key={chosen} order={order} line={line} onClose={onClose} />}
      </div>
    </Dialog>
  );
}
