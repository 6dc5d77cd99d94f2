import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Prep, Recipe } from '../../../../client/src/api.js';
import { useAll, useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { Region } from '../../ui/Region.js';
import { useForm } from '../../ui/useForm.js';
import { quantityFrom } from './quantityFrom.js';
import { StockActionsBar } from './StockActionsBar.js';
import { STOCK_STALE } from './stockStale.js';

/** Makes a batch of a preparation: its ingredients leave, and it arrives at their cost. */
export function PrepDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('stock');
  const recipes = useAll('listRecipes', { query: { limit: 100 } }, { most: 5_000 });
  const [made, setMade] = useState<Prep>();
  if (made) return <Made prep={made} onClose={onClose} />;
  return (
    <Dialog title={t('prep')} onClose={onClose}>
      <Region query={recipes} label={t('prep')}>
        {(all) => {
          const makeable = all.filter(({ outputItemId }) => outputItemId !== null);
          if (makeable.length === 0) return <p>{t('noPreps')}</p>;
          return <PrepForm recipes={makeable} onMade={setMade} onClose={onClose} />;
        }}
      </Region>
    </Dialog>
  );
}

interface PrepFormProps {
  recipes: readonly Recipe[];
  onMade: (prep: Prep) => void;
  onClose: () => void;
}

function PrepForm({ recipes, onMade, onClose }: PrepFormProps) {
  const t = useTranslations('stock');
  const [key] = useState(() => crypto.randomUUID());
  const [recipeId, setRecipeId] = useState(recipes[0]?.id ?? '');
  const recipe = recipes.find(({ id }) => id === recipeId);
  const record = useChange('recordPrep', STOCK_STALE);
  const form = useForm(async ({ quantity = '', notes = '' }) => {
    const body = {
      recipeId,
      quantity: quantityFrom(quantity),
      ...(notes.trim() !== '' && { notes: notes.trim() }),
    };
    onMade((await record.mutateAsync({ body, key })).data);
  });
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <SelectField
        label={t('preparation')}
        value={recipeId}
        onChange={({ target }) => setRecipeId(target.value)}
        choices={recipes.map(({ id, name }) => ({ value: id, label: name }))}
        error={form.errorOf('recipeId')}
      />
      <TextField
        // One batch is what is made as a rule.
        key={recipeId}
        label={t('inUnit', { label: t('madeQuantity'), unit: recipe?.yieldUnit ?? '' })}
        name="quantity"
        inputMode="decimal"
        autoComplete="off"
        required
        defaultValue={recipe?.yield}
        error={form.errorOf('quantity')}
      />
      <TextField label={t('note')} name="notes" maxLength={500} error={form.errorOf('notes')} />
      <StockActionsBar form={form} label={t('makeBatch')} onClose={onClose} />
    </form>
  );
}

/** What went in, as it was booked. */
function Made({ prep: { recipeName, output, consumed, value }, onClose }: { prep: Prep; onClose: () => void }) {
  const t = useTranslations('stock');
  const { money, number } = useFormat();
  const amount = (text: string, unit: string): string =>
    `${number(Number(text), { maximumFractionDigits: 3 })} ${unit}`;
  return (
    <Dialog title={t('madeTitle', { name: recipeName })} onClose={onClose}>
      <div className="stack">
        <p>{t('madeText', { quantity: amount(output.quantity, output.unit), value: money(value) })}</p>
        <ul className="purchasing__list" aria-label={t('ingredients')}>
          {consumed.map((line) => (
            <li key={line.inventoryItemId} className="purchasing__entry">
              <span className="purchasing__two">{line.name}</span>
              <span className="number">{amount(line.quantity, line.unit)}</span>
            </li>
          ))}
        </ul>
        <Actions>
          <Button look="main" onClick={onClose}>
            {t('finished')}
          </Button>
        </Actions>
      </div>
    </Dialog>
  );
}
