import { useTranslations } from 'use-intl';
import type { SupplierInvoice, SupplierInvoiceLine } from '../../../../client/src/api.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { useDecimal } from '../supplierInvoices/useDecimal.js';

interface LinesProps {
  invoice: SupplierInvoice;
  canChange: boolean;
  marked: number | undefined;
  onMark: (position: number | undefined) => void;
  onOpen: (position: number) => void;
  onAdd: () => void;
}

/**
 * The lines as they were read. The line under the pointer, or with the focus, is marked on the
 * paper.
 */
export function Lines({ invoice, canChange, marked, onMark, onOpen, onAdd }: LinesProps) {
  const t = useTranslations('supplierInvoice');
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('lines', { count: invoice.lines.length })}</h2>
        {canChange && (
          <Button icon="plus" onClick={onAdd}>
            {t('addLine')}
          </Button>
        )}
      </div>
      <ul className="supplier-invoice__lines">
        {invoice.lines.map((line) => (
          <li key={line.position}>
            <button
              type="button"
              className="supplier-invoice__line"
              data-marked={line.position === marked || undefined}
              onMouseEnter={() => onMark(line.position)}
              onFocus={() => onMark(line.position)}
              onClick={() => onOpen(line.position)}
            >
              <Line line={line} currency={invoice.currency} isWrong={isWrong(invoice, line)} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isWrong({ checks }: SupplierInvoice, { position }: SupplierInvoiceLine): boolean {
  return checks.some((check) => !check.ok && check.position === position);
}

function Line({ line, currency, isWrong }: { line: SupplierInvoiceLine; currency: string | null; isWrong: boolean }) {
  const t = useTranslations('supplierInvoice');
  const decimal = useDecimal();
  const amount = [decimal(line.quantity), line.unit].filter(Boolean).join(' ');
  return (
    <>
      <span className="supplier-invoice__what">
        <strong>{line.description}</strong>
        <span className="muted">
          {line.quantity === null ? t('noQuantity') : amount}
          {line.unitPrice !== null && ` × ${decimal(line.unitPrice, currency)}`}
        </span>
        <Match line={line} />
      </span>
      <span className="supplier-invoice__sum">
        <span className="number">{decimal(line.netAmount, currency)}</span>
        {isWrong && (
          <Chip tone="bad" icon="alert">
            {t('doesNotAddUp')}
          </Chip>
        )}
      </span>
    </>
  );
}

/** Which item of the store room a line is. */
function Match({ line: { isStock, match } }: { line: SupplierInvoiceLine }) {
  const t = useTranslations('supplierInvoice');
  if (!isStock) return <Chip>{t('noStock')}</Chip>;
  if (match === null)
    return (
      <Chip tone="warn" icon="help">
        {t('noItem')}
      </Chip>
    );
  const pack = match.packQuantity === null ? t('packUnknown') : `${match.packQuantity} ${match.stockUnit ?? ''}`;
  return (
    <Chip tone={match.packQuantity === null ? 'warn' : 'ok'} icon="stock">
      {[match.itemName, pack].filter(Boolean).join(' · ')}
    </Chip>
  );
}
