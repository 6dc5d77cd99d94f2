import { useId } from 'react';
import { useTranslations } from 'use-intl';
import type { ResolvedModifier, ResolvedModifierGroup, ResolvedVariant } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Icon } from '../../ui/Icon.js';
import { type Chosen, isSingle, lacks, mostOf, toggled, withQuantity } from './choices.js';
import { Stepper } from './Stepper.js';

/** The sizes of an item, of which one is taken. */
export function Variants({
  variants,
  value,
  onChange,
  isMissing,
}: {
  variants: readonly ResolvedVariant[];
  value: string | undefined;
  onChange: (id: string) => void;
  isMissing: boolean;
}) {
  const t = useTranslations('till');
  const { money } = useFormat();
  return (
    <fieldset className="till-group" data-faulty={isMissing || undefined}>
      <legend>
        {t('variant')} <Rule text={t('rule.one')} isFaulty={isMissing} />
      </legend>
      <div className="till-options">
        {variants.map(({ id, name, price }) => (
          <label key={id} className="till-option">
            <input
              type="radio"
              name="variant"
              className="hidden-text"
              checked={value === id}
              onChange={() => onChange(id)}
            />
            <span>
              {name} <span className="number">{money(price)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface GroupProps {
  group: ResolvedModifierGroup;
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
  /** Whether a missing choice is said. */
  isChecked: boolean;
}

/** A modifier group with its rule. What it does not allow cannot be chosen. */
export function Group({ group, chosen, onChange, isChecked }: GroupProps) {
  const isFaulty = isChecked && lacks(group, chosen);
  const rule = useRule(group);
  return (
    <fieldset className="till-group" data-faulty={isFaulty || undefined}>
      <legend>
        {group.name} <Rule text={rule} isFaulty={isFaulty} />
      </legend>
      <div className="till-options">
        {group.modifiers.map((modifier) => (
          <Option key={modifier.id} group={group} modifier={modifier} chosen={chosen} onChange={onChange} />
        ))}
      </div>
    </fieldset>
  );
}

function Rule({ text, isFaulty }: { text: string; isFaulty: boolean }) {
  return (
    <span className={isFaulty ? 'till-group__fault' : 'till-group__rule'}>
      {isFaulty && <Icon name="alert" />} {text}
    </span>
  );
}

function useRule({ minSelections: least, maxSelections: most, freeSelections: free }: ResolvedModifierGroup): string {
  const t = useTranslations('till.rule');
  const rule =
    least === most
      ? t('exactly', { count: least })
      : least === 0
        ? t('upTo', { count: most })
        : t('between', { least, most });
  return free > 0 ? `${rule} · ${t('free', { count: free })}` : rule;
}

function Option({ group, modifier, chosen, onChange }: Omit<GroupProps, 'isChecked'> & { modifier: ResolvedModifier }) {
  const t = useTranslations('till');
  const { money } = useFormat();
  const id = useId();
  const { name, price, isAvailable, maxQuantity } = modifier;
  const count = chosen.get(modifier.id) ?? 0;
  const most = mostOf(group, modifier, chosen);
  const isReplacing = group.maxSelections === 1;
  const isClosed = !isAvailable || (count === 0 && most === 0 && !isReplacing);
  const isCounted = maxQuantity > 1 && group.maxSelections > 1;
  return (
    <div className="till-choice">
      <label className="till-option" htmlFor={id}>
        <input
          id={id}
          type={isSingle(group) ? 'radio' : 'checkbox'}
          name={group.id}
          className="hidden-text"
          checked={count > 0}
          disabled={isClosed}
          onChange={() => onChange(toggled(group, modifier, chosen))}
        />
        <span>
          {name}
          {!isAvailable && <span className="till-tile__mark">{t('closed.sold_out')}</span>}
          {isAvailable && price > 0 && <span className="number">{t('plus', { amount: money(price) })}</span>}
        </span>
      </label>
      {isCounted && count > 0 && (
        <Stepper
          label={name}
          value={count}
          least={0}
          most={most}
          onChange={(quantity) => onChange(withQuantity(modifier, quantity, chosen))}
        />
      )}
    </div>
  );
}
