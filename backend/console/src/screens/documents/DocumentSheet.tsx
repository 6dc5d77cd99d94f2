import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { Document } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useCall } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { useScreenPath } from '../../app/ownScreens.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Dialog.js';
import { Notice } from '../../ui/Notice.js';
import { PrintedDialog } from '../../ui/PrintedDialog.js';
import { Region } from '../../ui/Region.js';
import { CreditDialog } from './CreditDialog.js';
import { IssueButton } from './IssueButton.js';
import { StatusChip } from './StatusChip.js';

interface DocumentSheetProps {
  id: string;
  /** Shows another document, such as the one that this one corrects. */
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** One document beside the list, and what can be done with it. */
export function DocumentSheet({ id, onOpen, onClose }: DocumentSheetProps) {
  const t = useTranslations('documents');
  const found = useCall('getDocument', { id });
  const { data } = found;
  const title = data ? `${t(`types.${data.type}`)} ${data.number ?? ''}` : t('title');
  return (
    <Sheet title={title} onClose={onClose}>
      <Region query={found} label={t('title')} lines={10}>
        {(one) => <Shown document={one} onOpen={onOpen} />}
      </Region>
    </Sheet>
  );
}

type Open = 'paper' | 'credit';
/** Papers that promise or ask for money: only these are taken back by a credit note. */
const CREDITABLE = new Set<Document['type']>(['invoice', 'receipt', 'deposit']);

function Shown({ document: one, onOpen }: { document: Document; onOpen: (id: string) => void }) {
  const t = useTranslations('documents');
  const [open, setOpen] = useState<Open>();
  const mayWrite = useMay('documents:write');
  const mayCorrect = useMay('documents:correct');
  return (
    <>
      <Facts document={one} onOpen={onOpen} />
      <div className="row">
        {one.status !== 'draft' && (
          <Button look="main" icon="document" onClick={() => setOpen('paper')}>
            {t('show')}
          </Button>
        )}
        {one.status === 'draft' && mayWrite && <IssueButton document={one} />}
        {one.status === 'issued' && mayCorrect && CREDITABLE.has(one.type) && (
          <Button icon="undo" onClick={() => setOpen('credit')}>
            {t('credit')}
          </Button>
        )}
      </div>
      {one.notes !== null && <Notice tone="info">{one.notes}</Notice>}
      {one.lines.length > 0 && <Lines document={one} />}
      {open === 'credit' && (
        <CreditDialog document={one} onDone={(id) => onOpen(id)} onClose={() => setOpen(undefined)} />
      )}
      {open === 'paper' && (
        <PrintedDialog
          title={one.number ?? t('title')}
          version={`${one.id} ${one.version}`}
          loadText={async () => (await client.call('downloadDocumentText', { id: one.id })).data}
          loadPdf={async () => (await client.call('downloadDocumentPdf', { id: one.id })).data}
          fileName={one.number ?? one.id}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

function Facts({ document: one, onOpen }: { document: Document; onOpen: (id: string) => void }) {
  const t = useTranslations('documents');
  const { date, money } = useFormat();
  const orders = useScreenPath('orders');
  const { originalId } = one;
  return (
    <div className="stack documents__facts">
      <p className="spread">
        <strong className="documents__total number">
          {Number(one.total) === 0 ? '' : money(one.total, one.currency)}
        </strong>
        <StatusChip status={one.status} />
      </p>
      {one.customer?.name && <p>{one.customer.name}</p>}
      <p className="muted">{one.issuedAt === null ? t('notIssued') : t('issuedAt', { time: date(one.issuedAt) })}</p>
      {one.reason !== null && <p>{t('reasonIs', { reason: one.reason })}</p>}
      {one.voidReason !== null && <p>{t('voidedFor', { reason: one.voidReason })}</p>}
      <p className="row">
        {one.orderId !== null && orders !== undefined && <Link href={`${orders}/${one.orderId}`}>{t('toOrder')}</Link>}
        {originalId !== null && (
          <Button look="quiet" onClick={() => onOpen(originalId)}>
            {t('toOriginal')}
          </Button>
        )}
      </p>
    </div>
  );
}

function Lines({ document: { lines, currency } }: { document: Document }) {
  const t = useTranslations('documents');
  const { money } = useFormat();
  return (
    <ul className="documents__lines" aria-label={t('lines')}>
      {lines.map(({ position, quantity, unit, description, amount }) => (
        <li key={position}>
          <span>
            <span className="number">{[quantity, unit].filter(Boolean).join(' ')}</span> × {description}
          </span>
          <span className="number">{money(amount, currency)}</span>
        </li>
      ))}
    </ul>
  );
}
