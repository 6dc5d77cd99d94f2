import { useTranslations } from 'use-intl';
import type { Me } from '../../../client/src/api.js';
import { LanguageField } from '../doors/LanguageField.js';
import { useFormat } from '../i18n/format.js';
import { Button } from '../ui/Button.js';
import { Sheet } from '../ui/Dialog.js';
import { SelectField } from '../ui/Field.js';
import { Notice } from '../ui/Notice.js';
import { theme, type Theme, THEMES } from './preferences.js';
import { leave } from './session.js';
import { useStore } from './useStore.js';

/** The person, the language and the theme of this browser, and the way out. */
export function PersonSheet({ me, onHelp, onClose }: { me: Me; onHelp: () => void; onClose: () => void }) {
  const t = useTranslations();
  const format = useFormat();
  const { demoExpiresAt } = me.restaurant;
  return (
    <Sheet title={me.user?.name ?? me.apiKey?.name ?? ''} onClose={onClose}>
      <p className="muted">
        {me.user?.email} {me.role && `· ${t(`roles.${me.role}`)}`}
      </p>
      {demoExpiresAt !== null && <Notice tone="info">{t('demoUntil', { time: format.time(demoExpiresAt) })}</Notice>}
      <LanguageField />
      <SelectField
        label={t('theme.label')}
        choices={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
        value={useStore(theme)}
        // The choices are the themes.
        onChange={(event) => theme.set(event.currentTarget.value as Theme)}
      />
      <Button
        icon="keys"
        onClick={() => {
          onClose();
          onHelp();
        }}
      >
        {t('keys.title')}
      </Button>
      <Button icon="leave" onClick={() => void leave()}>
        {t('logout')}
      </Button>
    </Sheet>
  );
}
