import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import type { ListedOrder } from '../../../../client/src/api.js';
import { usePages } from '../../app/queries.js';
import { Views } from '../../app/views/Views.js';
import { Button } from '../../ui/Button.js';
import { ExportButton } from '../../ui/ExportButton.js';
import { Empty } from '../../ui/Empty.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { useMedia, WIDE } from '../../ui/useMedia.js';
import { VirtualTable } from '../../ui/VirtualTable.js';
import { OrderSheet } from '../order/OrderSheet.js';
import { useOrderColumns } from './columns.js';
import { FilterBar } from './FilterBar.js';
import { FILTERS, useOrderFilters } from './filters.js';

const PAGE_SIZE = 100;
const VIEW_PARTS = [...FILTERS, 'sort'];

/** All orders, as they come in: found by what people remember of them. */
export function Screen() {
  const t = useTranslations('orders');
  const [, go] = useLocation();
  const isWide = useMedia(WIDE);
  const filters = useOrderFilters();
  const pages = usePages('listOrders', { query: { ...filters.query, limit: PAGE_SIZE } });
  const columns = useOrderColumns(isWide);
  const { change } = filters;
  const open = useCallback(
    ({ id }: ListedOrder) => (isWide ? change({ order: id }) : go(`/orders/${id}`)),
    [isWide, change, go],
  );
  const shown = filters.get('order');
  return (
    <div className="screen orders">
      <div className="spread">
        <h1>{t('title')}</h1>
        <p className="muted orders__count" role="status">
          {pages.query.data && t(pages.hasMore ? 'countSoFar' : 'count', { count: pages.query.data.length })}
        </p>
        <ExportButton name="listOrders" takes={{ query: filters.query }} fileName="orders" />
      </div>
      <Views list="orders" names={VIEW_PARTS} />
      <FilterBar filters={filters} />
      {pages.isOld && (
        <Notice tone="info">
          <span>{t('changed')}</span>
          <Button icon="refresh" onClick={pages.restart}>
            {t('showChanges')}
          </Button>
        </Notice>
      )}
      <Region
        query={pages.query}
        label={t('title')}
        lines={10}
        isEmpty={(rows) => rows.length === 0 && !pages.hasMore}
        empty={<NoOrders isFiltered={filters.count > 0} onClear={filters.clear} />}
      >
        {(rows) => (
          <div className={pages.query.isPlaceholderData ? 'orders__list is-old' : 'orders__list'}>
            <VirtualTable
              key={JSON.stringify(filters.query)}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              label={t('title')}
              onOpen={open}
              onEnd={pages.loadMore}
            />
          </div>
        )}
      </Region>
      {shown !== undefined && <OrderSheet id={shown} onClose={() => change({ order: undefined })} />}
    </div>
  );
}

function NoOrders({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const t = useTranslations('orders');
  if (!isFiltered) return <Empty icon="orders" title={t('none')} text={t('noneText')} />;
  return (
    <Empty icon="search" title={t('noneFound')} text={t('noneFoundText')}>
      <Button onClick={onClear}>{t('clear')}</Button>
    </Empty>
  );
}
