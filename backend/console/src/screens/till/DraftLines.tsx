import { useTranslations } from 'use-intl';
import type { MenuCategoryItem, OrderLine } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Icon } from '../../ui/Icon.js';
import type { DraftLine } from './draft.js';
import { Stepper } from './Stepper.js';
import type { Taking } from './useTaking.js';

const MOST = 999;

interface DraftLinesProps {
  lines: readonly DraftLine[];
  /** Priced lines by the keys of the draft's; each with those that belong to it. */
  prices: ReadonlyMap<string, readonly OrderLine[]>;
  /** Why a line cannot be ordered now. */
  faults: ReadonlyMap<string, string>;
  items: ReadonlyMap<string, MenuCategoryItem>;
  taking: Taking;
  isLocked: boolean;
}

/** Lines that are not sent yet. A press changes one. */
export function DraftLines({ lines, prices, faults, items, taking, isLocked }: DraftLinesProps) {
  return (
    <ul className="till-lines">
      {lines.map((line) => (
        <Line
          key={line.key}
          line={line}
          priced={prices.get(line.key) ?? []}
          fault={faults.get(line.key)}
          item={items.get(line.menuItemId)}
          taking={taking}
          isLocked={isLocked}
        />
      ))}
    </ul>
  );
}

interface LineProps {
  line: DraftLine;
  priced: readonly OrderLine[];
  fault: string | undefined;
  item: MenuCategoryItem | undefined;
  taking: Taking;
  isLocked: boolean;
}

function Line({ line, priced, fault, item, taking, isLocked }: LineProps) {
  const t = useTranslations('till');
  const { money } = useFormat();
  const { name, quantity, details, notes } = line;
  const [own, ...attached] = priced;
  const place = usePlaceOf(line);
  return (
    <li className="till-line" data-faulty={fault !== undefined || undefined}>
      <button
        type="button"
        className="till-line__text"
        disabled={isLocked}
        onClick={() => (item ? taking.ask({ item, line }) : taking.remove(line))}
      >
        <span className="hidden-text">{t(item ? 'change' : 'remove')}:</span>
        <span className="till-line__name">{name}</span>
        {details.length > 0 && <span className="muted">{details.join(', ')}</span>}
        {notes !== '' && <span className="till-line__note">{notes}</span>}
        {place !== '' && <span className="muted">{place}</span>}
        {attached.map((one) => (
          <span key={one.id} className="muted till-line__part">
            <span>{one.name}</span> {one.amount !== 0 && <span className="number">{money(one.amount)}</span>}
          </span>
        ))}
      </button>
      <span className="number till-line__price">{own ? money(own.amount) : '…'}</span>
      {typeof quantity === 'number' && !isLocked ? (
        <Stepper
          label={name}
          value={quantity}
          least={item?.isDeposit ? -MOST : 0}
          most={MOST}
          onChange={(next) => taking.setQuantity(line, next)}
        />
      ) : (
        <span className="number till-line__quantity">{t('times', { quantity, unit: item?.unit ?? '' })}</span>
      )}
      {fault !== undefined && (
        <span className="till-line__fault">
          <Icon name="alert" /> {fault}
        </span>
      )}
    </li>
  );
}

function usePlaceOf({ course, seat }: DraftLine): string {
  const t = useTranslations('till');
  return [
    ...(course === null ? [] : [t('courseOf', { number: course })]),
    ...(seat === null ? [] : [t('seatOf', { number: seat })]),
  ].join(' · ');
}
