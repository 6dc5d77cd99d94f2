import { useTranslations } from 'use-intl';
import type { Translations } from '../../../../client/src/api.js';
import { IconButton } from '../../ui/Button.js';
import { SelectField, TextArea, TextField } from '../../ui/Field.js';
import { Fold } from '../../ui/Fold.js';
import { LANGUAGE_CHOICES } from '../../app/preferences.js';

interface TranslationFieldsProps {
  value: Translations;
  onChange: (value: Translations) => void;
  /** Only names: categories, groups. */
  isShort?: boolean;
  error?: string | undefined;
}

/** Names and descriptions in other languages; without one, guests see the restaurant's own. */
export function TranslationFields({ value, onChange, isShort, error }: TranslationFieldsProps) {
  const t = useTranslations('menu');
  const used = Object.keys(value);
  const free = LANGUAGE_CHOICES.filter(({ value: code }) => !used.includes(code));
  const nameOf = (code: string): string => LANGUAGE_CHOICES.find((one) => one.value === code)?.label ?? code;
  const put = (code: string, words: Translations[string]): void => onChange({ ...value, [code]: words });
  return (
    <Fold title={t('translations')} note={used.map(nameOf).join(', ')}>
      {used.map((code) => (
        <fieldset key={code} className="menu-variants">
          <legend>{nameOf(code)}</legend>
          <div className="menu-language">
            <TextField
              label={t('nameIn', { language: nameOf(code) })}
              lang={code}
              dir="auto"
              value={value[code]?.name ?? ''}
              onChange={({ target }) => put(code, { ...value[code], name: target.value })}
            />
            <IconButton
              icon="trash"
              label={t('removeLanguage', { language: nameOf(code) })}
              onClick={() => onChange(Object.fromEntries(Object.entries(value).filter(([one]) => one !== code)))}
            />
          </div>
          {!isShort && (
            <TextArea
              label={t('descriptionIn', { language: nameOf(code) })}
              lang={code}
              dir="auto"
              value={value[code]?.description ?? ''}
              onChange={({ target }) => put(code, { ...value[code], description: target.value })}
            />
          )}
        </fieldset>
      ))}
      {error !== undefined && <p className="field__error">{error}</p>}
      {free.length > 0 && (
        <SelectField
          label={t('addLanguage')}
          value=""
          onChange={({ target }) => target.value !== '' && put(target.value, {})}
          choices={[{ value: '', label: '–' }, ...free]}
        />
      )}
    </Fold>
  );
}

/** Without empty texts: the server takes what guests may see. */
export function translationsBody(value: Translations): Translations {
  const filled = Object.entries(value).map(([code, { name = '', description = '' }]) => [
    code,
    { ...(name.trim() && { name: name.trim() }), ...(description.trim() && { description: description.trim() }) },
  ]);
  return Object.fromEntries(filled.filter(([, words]) => Object.keys(words as object).length > 0)) as Translations;
}
