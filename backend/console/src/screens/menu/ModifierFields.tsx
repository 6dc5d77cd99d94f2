import { useTranslations } from 'use-intl';
import { Button, IconButton } from '../../ui/Button.js';
import { TextField } from '../../ui/Field.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { Switch } from '../../ui/Switch.js';

export interface ModifierDraft {
  id?: string | undefined;
  name: string;
  price: number | undefined;
  maxQuantity: number;
  isAvailable: boolean;
  /** Taxes of its own stay as they are. */
  taxIds: string[];
}

const NEW: ModifierDraft = { name: '', price: 0, maxQuantity: 1, isAvailable: true, taxIds: [] };

/** What can be chosen of a group, in its order. */
export function ModifierFields({
  modifiers,
  onChange,
  error,
}: {
  modifiers: readonly ModifierDraft[];
  onChange: (modifiers: readonly ModifierDraft[]) => void;
  error: string | undefined;
}) {
  const t = useTranslations('menu');
  const set = (place: number, change: Partial<ModifierDraft>): void =>
    onChange(modifiers.map((one, at) => (at === place ? { ...one, ...change } : one)));
  const move = (place: number, to: number): void =>
    onChange(modifiers.toSpliced(place, 1).toSpliced(to, 0, ...modifiers.slice(place, place + 1)));
  return (
    <fieldset className="menu-variants">
      <legend>{t('modifiers')}</legend>
      {modifiers.map((modifier, place) => (
        // A modifier that is not stored yet has only its place.
        <div key={modifier.id ?? `new ${place}`} className="menu-modifier">
          <TextField
            label={t('modifierName')}
            value={modifier.name}
            onChange={({ target }) => set(place, { name: target.value })}
          />
          <MoneyField label={t('price')} value={modifier.price} onChange={(price) => set(place, { price })} />
          <TextField
            label={t('maxQuantity')}
            inputMode="numeric"
            value={modifier.maxQuantity}
            onChange={({ target }) => set(place, { maxQuantity: Number(target.value.replaceAll(/\D/g, '')) })}
          />
          <span className="menu-modifier__end">
            <Switch
              isOn={modifier.isAvailable}
              label={t('onSale', { name: modifier.name })}
              onChange={(isAvailable) => set(place, { isAvailable })}
            />
            <IconButton
              icon="up"
              label={t('up', { name: modifier.name })}
              disabled={place === 0}
              onClick={() => move(place, place - 1)}
            />
            <IconButton
              icon="trash"
              label={t('removeVariant', { name: modifier.name })}
              onClick={() => onChange(modifiers.toSpliced(place, 1))}
            />
          </span>
        </div>
      ))}
      {error !== undefined && <p className="field__error">{error}</p>}
      <div>
        <Button icon="plus" onClick={() => onChange([...modifiers, NEW])}>
          {t('addModifier')}
        </Button>
      </div>
    </fieldset>
  );
}
