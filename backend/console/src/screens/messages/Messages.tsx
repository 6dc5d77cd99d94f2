import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { Tabs } from '../../ui/Tabs.js';
import { Consents } from './Consents.js';
import { MessageSettings } from './MessageSettings.js';
import { Sent } from './Sent.js';

const VIEWS = ['sent', 'consents', 'settings'] as const;
const CONTENTS = { sent: () => <Sent />, consents: () => <Consents />, settings: () => <MessageSettings /> };

/** Texts and mails: what went out, who agreed to it, and what is sent by itself. */
export function Screen() {
  const t = useTranslations('messages');
  const [params, setParams] = useSearchParams();
  return (
    <div className="screen stack">
      <h1>{t('title')}</h1>
      <Tabs
        label={t('title')}
        value={VIEWS.find((view) => view === params.get('view')) ?? 'sent'}
        onChange={(view) => setParams({ view }, { replace: true })}
        tabs={VIEWS.map((value) => ({ value, label: t(`views.${value}`), content: CONTENTS[value] }))}
      />
    </div>
  );
}
