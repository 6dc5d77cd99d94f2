import { useLocale, useTranslations } from 'use-intl';
import type { Allergen, DietTag, PrintLanguage } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { Checks } from '../../ui/Checks.js';
import { TextField } from '../../ui/Field.js';
import { Region } from '../../ui/Region.js';
import { LANGUAGE_CHOICES } from '../../app/preferences.js';
import type { ItemDraft } from './itemDraft.js';

interface DietFieldsProps {
  draft: ItemDraft;
  onChange: (draft: ItemDraft) => void;
  errorOf: (name: string) => string | undefined;
}

/** Allergens by the codes of the EU, what else is in the dish, and whom it suits. */
export function DietFields({ draft, onChange, errorOf }: DietFieldsProps) {
  const t = useTranslations('menu');
  const labels = useLabels();
  return (
    <Region query={labels} label={t('allergens')} lines={3}>
      {({ allergens, dietTags }) => (
        <>
          <Checks
            label={t('allergens')}
            options={allergens.map(({ code, name }) => ({ id: code, name }))}
            chosen={draft.allergens}
            // The options are these codes.
            onChange={(codes) => onChange({ ...draft, allergens: codes as Allergen[] })}
          />
          <TextField
            label={t('otherAllergens')}
            hint={t('allergensHint')}
            name="otherAllergens"
            defaultValue={draft.otherAllergens.join(', ')}
            error={errorOf('otherAllergens') ?? errorOf('allergens')}
          />
          <Checks
            label={t('dietTags')}
            options={dietTags.map(({ code, name }) => ({ id: code, name }))}
            chosen={draft.dietTags}
            onChange={(tags) => onChange({ ...draft, dietTags: tags as DietTag[] })}
          />
        </>
      )}
    </Region>
  );
}

/** Their names in the language of the page; in English where the server has none in it. */
export function useLabels() {
  const locale = useLocale();
  const known = LANGUAGE_CHOICES.find(({ value }) => value === locale)?.value ?? 'en';
  // The list has these languages.
  return useCall('getDietaryLabels', { query: { language: known as PrintLanguage } });
}
