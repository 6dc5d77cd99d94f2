import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { Button } from '../ui/Button.js';
import { FormFailure } from '../ui/FormFailure.js';
import { Door } from './Door.js';
import { doorClient, type Enter } from './entry.js';
import { LanguageField } from './LanguageField.js';
import { LoginForm } from './LoginForm.js';

export function Login({ onEntry }: { onEntry: Enter }) {
  const t = useTranslations('doors');
  return (
    <Door title={t('welcome')} text={t('welcomeText')}>
      <LoginForm onEntry={onEntry}>
        <Link href="/forgotten">{t('forgotten')}</Link>
      </LoginForm>
      <p className="rule">{t('or')}</p>
      <Demo onEntry={onEntry} />
      <LanguageField />
    </Door>
  );
}

/** A restaurant to try things in, in one press. */
function Demo({ onEntry }: { onEntry: Enter }) {
  const t = useTranslations('doors');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const open = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onEntry((await doorClient.call('openDemoSession', { query: { cookie: true }, body: {} })).data);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button isWide isBusy={isBusy} onClick={() => void open()}>
        {isBusy ? t('demoOpening') : t('demo')}
      </Button>
      <FormFailure error={failure} />
    </>
  );
}
