import { useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { InventoryItem } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useAll } from '../../app/queries.js';
import { useAsked } from '../../app/useAsked.js';
import { Views } from '../../app/views/Views.js';
import { Button } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { Region } from '../../ui/Region.js';
import { SearchField } from '../../ui/SearchField.js';
import { Counts } from './Counts.js';
import { InventorySheet } from './InventorySheet.js';
import { OnHand } from './OnHand.js';
import { PrepDialog } from './PrepDialog.js';

const VIEW_PARTS = ['show', 'q'];

/** The goods in the house, those that run low, and the way to a count. */
export function Screen() {
  const t = useTranslations('stock');
  const [search = '', setSearch] = useAsked('q');
  const [asked, setView] = useAsked('show');
  const view = asked === 'low' ? 'low' : 'all';
  const items = useAll('listInventoryItems', { query: { limit: 100 } }, { most: 5_000 });
  const mayCount = useMay('stock:write');
  const [isPrep, setPrep] = useState(false);
  const [opened, setOpened] = useAsked('item');
  const open = useCallback(({ id }: InventoryItem) => setOpened(id), [setOpened]);
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
      <Views list="stock" names={VIEW_PARTS} />
      <div className="stock__bar no-print">
        <RadioRow
          label={t('view')}
          name="view"
          value={view}
          onChange={(chosen) => setView(chosen === 'low' ? chosen : undefined)}
          choices={[
            { value: 'all', label: t('all') },
            { value: 'low', label: t('low') },
          ]}
        />
        <SearchField
          id="stock-search"
          className="stock__search"
          label={t('search')}
          value={search}
          onChange={setSearch}
        />
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
      {opened !== undefined && <InventorySheet id={opened} onClose={() => setOpened(undefined)} />}
      {isPrep && <PrepDialog onClose={() => setPrep(false)} />}
    </div>
  );
}
