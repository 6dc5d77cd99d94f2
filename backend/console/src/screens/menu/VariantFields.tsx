import { useTranslations } from 'use-intl';
import { Button, IconButton } from '../../ui/Button.js';
import { TextField } from '../../ui/Field.js';
import { MoneyField } from '../../ui/MoneyField.js';
import type { VariantDraft } from './itemDraft.js';

interface VariantFieldsProps {
  variants: readonly VariantDraft[];
  onChange: (variants: readonly VariantDraft[]) => void;
  error: string | undefined;
}

/** Sizes and the like, with a price each. */
export function VariantFields({ variants, onChange, error }: VariantFieldsProps) {
  const t = useTranslations('menu');
  const set = (place: number, change: Partial<VariantDraft>): void =>
    onChange(variants.map((one, at) => (at === place ? { ...one, ...change } : one)));
  return (
    <fieldset className="menu-variants">
      <legend>{t('variants')}</legend>
      {variants.map((variant, place) => (
        // A variant that is not stored yet has only its place.
        <div key={variant.id ?? `new ${place}`} className="menu-variants__row">
          <TextField
            label={t('variantName')}
            value={variant.name}
            onChange={({ target }) => set(place, { name: target.value })}
          />
          <MoneyField label={t('price')} value={variant.price} onChange={(price) => set(place, { price })} />
          <IconButton
            icon="trash"
            label={t('removeVariant', { name: variant.name })}
            onClick={() => onChange(variants.toSpliced(place, 1))}
          />
        </div>
      ))}
      {error !== undefined && <p className="field__error">{error}</p>}
      <div>
        <Button icon="plus" onClick={() => onChange([...variants, { name: '', price: 0 }])}>
          {t('addVariant')}
        </Button>
      </div>
    </fieldset>
  );
}
