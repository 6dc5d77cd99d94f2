import { useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import type { InventoryItem } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useAll } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { Region } from '../../ui/Region.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { Counts } from './Counts.js';
import { InventorySheet } from './InventorySheet.js';
import { OnHand } from './OnHand.js';
import { PrepDialog } from './PrepDialog.js';

/** The goods in the house, those that run low, and the way to a count. */
export function Screen() {
  const t = useTranslations('stock');
  const [search, setSearch] = useState('');
  const [view, setView] = useState<'all' | 'low'>('all');
  const items = useAll('listInventoryItems', { query: { limit: 100 } }, { most: 5_000 });
  const mayCount = useMay('stock:write');
  const [params, setParams] = useSearchParams();
  const [isPrep, setPrep] = useState(false);
  const opened = params.get('item');
  const open = useCallback(({ id }: InventoryItem) => setParams({ item: id }, { replace: true }), [setParams]);
  useShortcuts({ '/': () => document.querySelector<HTMLElement>('#stock-search')?.focus() });
  const shown = (all: readonly InventoryItem[]): InventoryItem[] => {
    const wanted = search.trim().toLocaleLowerCase();
    const found = all.filter(
      ({ name, isLow }) => (view === 'all' || isLow) && name.toLocaleLowerCase().includes(wanted),
    );
    return found.toSorted((a, b) => Number(b.isLow) - Number(a.isLow) || a.name.localeCompare(b.name));
  };
  return (
    <div className="screen stock">
      <h1>{t('title')}</h1>
      {mayCount && (
        <div className="stock__counts no-print">
          <Counts />
          <Button icon="kitchen" onClick={() => setPrep(true)}>
            {t('prep')}
          </Button>
        </div>
      )}
      <div className="stock__bar no-print">
        <RadioRow
          label={t('view')}
          name="view"
          value={view}
          onChange={setView}
          choices={[
            { value: 'all', label: t('all') },
            { value: 'low', label: t('low') },
          ]}
        />
        <div className="field stock__search">
          <label htmlFor="stock-search">{t('search')}</label>
          <input
            id="stock-search"
            className="input"
            type="search"
            autoComplete="off"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </div>
      </div>
      <Region
        query={items}
        label={t('title')}
        lines={10}
        isEmpty={(all) => all.length === 0}
        empty={<Empty icon="stock" title={t('none')} text={t('noneText')} />}
      >
        {(all) => {
          const rows = shown(all);
          if (rows.length > 0) return <OnHand items={rows} onOpen={open} />;
          return view === 'low' && search === '' ? (
            <Empty icon="check" title={t('nothingLow')} />
          ) : (
            <Empty icon="search" title={t('noneFound')} />
          );
        }}
      </Region>
      {opened !== null && <InventorySheet id={opened} onClose={() => setParams({}, { replace: true })} />}
      {isPrep && <PrepDialog onClose={() => setPrep(false)} />}
    </div>
  );
}
