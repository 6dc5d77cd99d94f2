import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { client, enter } from '../app/session.js';
import { Button } from '../ui/Button.js';
import { FormFailure } from '../ui/FormFailure.js';
import { Door } from './Door.js';
import { LanguageField } from './LanguageField.js';
import { LoginForm } from './LoginForm.js';

export function Login() {
  const t = useTranslations('doors');
  return (
    <Door title={t('welcome')} text={t('welcomeText')}>
      <LoginForm>
        <Link href="/forgotten">{t('forgotten')}</Link>
      </LoginForm>
      <p className="rule">{t('or')}</p>
      <Demo />
      <LanguageField />
    </Door>
  );
}

/** A restaurant to try things in, in one press. */
function Demo() {
  const t = useTranslations('doors');
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const open = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      enter((await client.call('openDemoSession', { query: { cookie: true }, body: {} })).data);
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
