import { useTranslations } from 'use-intl';
import { LANGUAGE_CHOICES, language, type Language } from '../app/preferences.js';
import { useStore } from '../app/useStore.js';
import { SelectField } from '../ui/Field.js';

/** The language of this browser, at once. */
export function LanguageField() {
  const t = useTranslations();
  return (
    <SelectField
      label={t('language')}
      choices={LANGUAGE_CHOICES}
      value={useStore(language)}
      // The choices are the languages.
      onChange={(event) => language.set(event.currentTarget.value as Language)}
    />
  );
}
