import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MessageSettingsPatch, MessageSettings as Settings } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { refresh, useCall, useChange } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Checks } from '../../ui/Checks.js';
import { TextArea, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { toast } from '../../ui/Toasts.js';
import { type Form, useForm } from '../../ui/useForm.js';
import { useEdit } from '../settings/useEdit.js';
import { useWords } from '../settings/useWords.js';

const STALE = ['getMessageSettings'] as const;

/** Messages that are sent automatically: their receivers and quiet hours. */
export function MessageSettings() {
  const t = useTranslations('messages.views');
  const settings = useCall('getMessageSettings', {});
  const [round, setRound] = useState(0);
  return (
    <Region query={settings} label={t('settings')} lines={8}>
      {(known) => (
        <SettingsForm key={round} settings={known} onTake={() => void refresh(STALE).then(() => setRound(round + 1))} />
      )}
    </Region>
  );
}

function SettingsForm({ settings, onTake }: { settings: Settings; onTake: () => void }) {
  const t = useTranslations();
  const mayWrite = useMay('messages:write');
  const [seen, setSeen] = useState(settings);
  const [isOn, setOn] = useState<readonly string[]>(settings.orderReady ? ['orderReady'] : []);
  const change = useChange('changeMessageSettings', STALE);
  const [send, choice] = useEdit<MessageSettingsPatch, Settings>({
    seen,
    save: async (body, { version }) => {
      setSeen((await change.mutateAsync({ body, ifMatch: `"${version}"` })).data);
      toast(t('messages.saved'));
    },
    load: async () => {
      const { data } = await client.call('getMessageSettings', {});
      setSeen(data);
      return data;
    },
    labelOf: (name) => (t.has(`messages.fields.${name}`) ? t(`messages.fields.${name}`) : name),
    wordsOf: useWords(),
    onDone: () => undefined,
    onTake,
  });
  const form = useForm(({ digestTo = '', dayCloseTo = '', quietFrom, quietTo }) =>
    send({
      orderReady: isOn.includes('orderReady'),
      digestTo: linesOf(digestTo),
      dayCloseTo: linesOf(dayCloseTo),
      quietFrom,
      quietTo,
    }),
  );
  return (
    <form className="settings__form card stack" onSubmit={form.onSubmit}>
      <Pause settings={seen} />
      <Checks
        label={t('messages.guests')}
        options={[{ id: 'orderReady', name: t('messages.fields.orderReady') }]}
        chosen={isOn}
        onChange={setOn}
      />
      <Fields settings={settings} form={form} />
      <FormFailure error={form.failure} />
      {mayWrite && (
        <Actions>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      )}
      {choice}
    </form>
  );
}

function Fields({ settings, form }: { settings: Settings; form: Form }) {
  const t = useTranslations('messages');
  return (
    <>
      {(['digestTo', 'dayCloseTo'] as const).map((name) => (
        <TextArea
          key={name}
          label={t(`fields.${name}`)}
          hint={t('addressesHint')}
          name={name}
          dir="ltr"
          defaultValue={settings[name].join('\n')}
          error={form.errorOf(name)}
        />
      ))}
      <div className="row">
        {(['quietFrom', 'quietTo'] as const).map((name) => (
          <TextField
            key={name}
            label={t(`fields.${name}`)}
            name={name}
            type="time"
            required
            defaultValue={settings[name]}
            error={form.errorOf(name)}
          />
        ))}
      </div>
    </>
  );
}

function Pause({ settings: { pausedAt, pauseCode, version } }: { settings: Settings }) {
  const t = useTranslations('messages');
  const { date } = useFormat();
  const change = useChange('changeMessageSettings', STALE);
  if (pausedAt === null || change.isSuccess) return null;
  return (
    <Notice tone="warn">
      <span>{t('paused', { time: date(pausedAt), code: String(pauseCode ?? '') })}</span>
      <Button
        isBusy={change.isPending}
        onClick={() => change.mutate({ body: { isPaused: false }, ifMatch: `"${version}"` })}
      >
        {t('resume')}
      </Button>
      <FormFailure error={change.error} />
    </Notice>
  );
}

function linesOf(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
