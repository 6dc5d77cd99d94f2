import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Message, MessageStatus } from '../../../../client/src/api.js';
import { usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Chip, type Tone } from '../../ui/Chip.js';
import { Sheet } from '../../ui/Dialog.js';
import { Notice } from '../../ui/Notice.js';
import { PagedTable } from '../../ui/PagedTable.js';
import type { Column } from '../../ui/Table.js';

const TONES: Record<MessageStatus, Tone> = {
  queued: 'info',
  sending: 'info',
  unknown: 'warn',
  sent: 'ok',
  delivered: 'ok',
  failed: 'bad',
  suppressed: 'warn',
  expired: 'warn',
};

/** Messages, the newest first, each with its state. */
export function Sent() {
  const t = useTranslations('messages');
  const { moment } = useFormat();
  const [shown, setShown] = useState<Message>();
  const pages = usePages('listMessages', { query: { limit: 50 } });
  const columns: Column<Message>[] = [
    { id: 'to', label: t('recipient'), cell: ({ recipient }) => <bdi>{recipient}</bdi>, width: 'minmax(8rem, 2fr)' },
    { id: 'kind', label: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    { id: 'status', label: t('status'), cell: ({ status }) => <Status status={status} /> },
    { id: 'at', label: t('at'), cell: ({ createdAt }) => moment(createdAt) },
  ];
  return (
    <>
      <PagedTable
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        label={t('views.sent')}
        onOpen={setShown}
        none={{ icon: 'message', title: t('none'), text: t('noneText') }}
      />
      {shown && <MessageSheet message={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

function Status({ status }: { status: MessageStatus }) {
  const t = useTranslations('messages.states');
  return <Chip tone={TONES[status]}>{t(status)}</Chip>;
}

function MessageSheet({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useTranslations('messages');
  const { date, number } = useFormat();
  const { kind, channel, recipient, status, reason, errorCode, attempts, segments, createdAt, sentAt } = message;
  return (
    <Sheet title={t(`kinds.${kind}`)} onClose={onClose}>
      <div className="stack">
        <div className="row">
          <Status status={status} />
          <Chip>{t(`channels.${channel}`)}</Chip>
          <bdi>{recipient}</bdi>
        </div>
        <p>{t(`about.${status}`)}</p>
        {(reason !== null || errorCode !== null) && (
          <Notice tone="warn">
            {reason} {errorCode !== null && t('errorCode', { code: String(errorCode) })}
          </Notice>
        )}
        <p className="muted">{t('written', { time: date(createdAt) })}</p>
        {sentAt !== null && <p className="muted">{t('sentAt', { time: date(sentAt) })}</p>}
        <p className="muted">
          {t('attempts', { count: number(attempts) })}
          {segments !== null && ` · ${t('segments', { count: segments })}`}
        </p>
      </div>
    </Sheet>
  );
}
