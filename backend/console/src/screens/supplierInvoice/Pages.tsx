import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { SupplierInvoice, SupplierInvoiceEvidence } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { Button, IconButton } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { Region } from '../../ui/Region.js';
import { useFile } from './useFile.js';

/** Kinds of files that have no picture. */
const UNSEEN = new Set(['xml', 'csv']);

interface PagesProps {
  invoice: SupplierInvoice;
  /** The line whose box stands out. */
  marked: number | undefined;
  /** A press on the box of a line. */
  onPress: (position: number) => void;
}

/** The pages as pictures, with a box around each thing that was read. */
export function Pages({ invoice, marked, onPress }: PagesProps) {
  const t = useTranslations('supplierInvoice');
  const [page, setPage] = useState(1);
  const save = useFile(invoice);
  const markedPage = invoice.lines.find(({ position }) => position === marked)?.evidence?.page;
  useEffect(() => {
    if (markedPage !== undefined) setPage(markedPage);
  }, [markedPage]);
  const isUnseen = UNSEEN.has(invoice.source.kind) || invoice.fileRemovedAt !== null;
  const count = invoice.source.pages ?? 1;
  return (
    <section className="supplier-invoice__paper" aria-label={t('paper')}>
      <div className="spread">
        {!isUnseen && count > 1 ? (
          <div className="row">
            <IconButton icon="back" label={t('pageBefore')} disabled={page <= 1} onClick={() => setPage(page - 1)} />
            <span role="status">{t('page', { page, count })}</span>
            <IconButton
              icon="onward"
              label={t('pageAfter')}
              disabled={page >= count}
              onClick={() => setPage(page + 1)}
            />
          </div>
        ) : (
          <span className="muted">{invoice.fileName}</span>
        )}
        {invoice.fileRemovedAt === null && (
          <Button look="quiet" icon="download" isBusy={save.isBusy} onClick={save.run}>
            {t('file')}
          </Button>
        )}
      </div>
      {isUnseen ? (
        <Empty
          icon="invoice"
          title={t('noPicture')}
          text={t(invoice.fileRemovedAt === null ? 'electronic' : 'removed')}
        />
      ) : (
        <Page invoice={invoice} page={page} marked={marked} onPress={onPress} />
      )}
    </section>
  );
}

function Page({ invoice, page, marked, onPress }: PagesProps & { page: number }) {
  const t = useTranslations('supplierInvoice');
  const picture = useCall('downloadSupplierInvoicePage', { id: invoice.id, page });
  const frame = useRef<HTMLDivElement>(null);
  const address = useAddress(picture.data);
  useEffect(() => {
    const box = frame.current?.querySelector<HTMLElement>('[data-marked]');
    if (box && frame.current) frame.current.scrollTop = box.offsetTop - frame.current.clientHeight / 3;
  }, [marked, address]);
  return (
    <Region query={picture} label={t('paper')} lines={14}>
      {() => (
        <div
          ref={frame}
          className="supplier-invoice__frame"
          tabIndex={0}
          role="region"
          aria-label={t('page', { page, count: invoice.source.pages ?? 1 })}
        >
          <div className="supplier-invoice__page">
            {address && <img src={address} alt={t('pictureOf', { page, name: invoice.fileName })} />}
            {Object.entries(invoice.totalEvidence).map(([name, evidence]) =>
              evidence.page === page ? <Box key={name} evidence={evidence} kind="total" /> : null,
            )}
            {invoice.lines.map(({ position, evidence }) =>
              evidence?.page === page ? (
                <Box
                  key={position}
                  evidence={evidence}
                  kind="line"
                  isMarked={position === marked}
                  onPress={() => onPress(position)}
                />
              ) : null,
            )}
          </div>
        </div>
      )}
    </Region>
  );
}

/** The list of lines does the same by keys; to a screen reader, boxes would say nothing. */
function Box({
  evidence: { box },
  kind,
  isMarked,
  onPress,
}: {
  evidence: SupplierInvoiceEvidence;
  kind: 'line' | 'total';
  isMarked?: boolean;
  onPress?: () => void;
}) {
  const [left = 0, top = 0, width = 0, height = 0] = box.map((share) => `${share * 100}%`);
  return (
    <div
      aria-hidden="true"
      className="supplier-invoice__box"
      data-kind={kind}
      data-marked={isMarked || undefined}
      style={{ left, top, width, height }}
      onClick={onPress}
    />
  );
}

function useAddress(bytes: Uint8Array | undefined): string | undefined {
  const blob = useMemo(() => bytes && new Blob([bytes.slice()], { type: 'image/png' }), [bytes]);
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!blob) return undefined;
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address;
}
