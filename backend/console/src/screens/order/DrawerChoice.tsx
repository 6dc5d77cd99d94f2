import { useTranslations } from 'use-intl';
import type { Shift } from '../../../../client/src/api.js';
import { useMay, useMe } from '../../app/me.js';
import { useAll } from '../../app/queries.js';
import { SelectField } from '../../ui/Field.js';

const MOST_DRAWERS = 100;

export interface Drawers {
  open: readonly Shift[];
  /** The server takes it when no drawer is named. */
  own: readonly Shift[];
}

/** The drawers whose shift is open now. */
export function useDrawers(): Drawers {
  const { user } = useMe();
  const mayRead = useMay('drawers:read');
  const shifts = useAll(
    'listShifts',
    { query: { status: 'open', limit: 100 } },
    { enabled: mayRead, most: MOST_DRAWERS },
  );
  const open = shifts.data ?? [];
  return { open, own: open.filter(({ openedBy }) => user !== null && openedBy === `user:${user.id}`) };
}

/** The drawer to begin with: the person's own; with several of them, the first. */
export function firstDrawer({ own }: Drawers): string {
  return own[0]?.drawerId ?? '';
}

/**
 * Which drawer the money goes into or comes from. Nothing to choose: nothing is shown.
 * @param value '' is no drawer, which is possible only without a shift of one's own.
 */
export function DrawerChoice({
  drawers,
  value,
  onChange,
  error,
}: {
  drawers: Drawers;
  value: string;
  onChange: (drawerId: string) => void;
  error: string | undefined;
}) {
  const t = useTranslations('order');
  const { open, own } = drawers;
  if (open.length === 0 || (open.length === 1 && own.length === 1)) return null;
  return (
    <SelectField
      label={t('drawer')}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      choices={[
        ...(own.length === 0 ? [{ value: '', label: t('noDrawer') }] : []),
        ...open.map(({ drawerId, drawerName }) => ({ value: drawerId, label: drawerName })),
      ]}
      error={error}
    />
  );
}
