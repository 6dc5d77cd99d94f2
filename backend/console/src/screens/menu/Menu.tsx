import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { useMay } from '../../app/me.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { Empty } from '../../ui/Empty.js';
import { Notice } from '../../ui/Notice.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { Region } from '../../ui/Region.js';
import { Board } from './Board.js';
import { Editor } from './Editor.js';
import { Groups } from './Groups.js';
import { sectionsOf, useMenuParts } from './menuParts.js';

const VIEWS = ['board', 'items', 'groups'] as const;

/** The dishes on sale now, and the menu itself: its order, its prices, its words. */
export function Screen() {
  const t = useTranslations('menu');
  const [params, setParams] = useSearchParams();
  const given = params.get('q') ?? '';
  const [search, setSearch] = useState(given);
  useEffect(() => setSearch(given), [given]);
  const mayEdit = useMay('menu:write');
  const isCutOff = useIsCutOff();
  const parts = useMenuParts();
  const view = (mayEdit && VIEWS.find((one) => one === params.get('view'))) || 'board';
  return (
    <div className="screen menu-page">
      <h1>{t('title')}</h1>
      <div className="menu-page__bar">
        {mayEdit && (
          <RadioRow
            label={t('view')}
            name="view"
            value={view}
            onChange={(chosen) => setParams(chosen === 'board' ? {} : { view: chosen }, { replace: true })}
            choices={[
              { value: 'board', label: t('board') },
              { value: 'items', label: t('items') },
              { value: 'groups', label: t('groups') },
            ]}
          />
        )}
        {view !== 'groups' && (
          <div className="field menu-page__search">
            <label htmlFor="menu-search">{t('search')}</label>
            <input
              id="menu-search"
              className="input"
              type="search"
              autoComplete="off"
              value={search}
              onChange={({ target }) => setSearch(target.value)}
            />
          </div>
        )}
      </div>
      {isCutOff && <Notice tone="warn">{t('noEditOffline')}</Notice>}
      {view === 'groups' ? (
        <Groups />
      ) : (
        <Region query={parts} label={t('title')} lines={10}>
          {({ categories, items }) => {
            const sections = sectionsOf(categories, items, search);
            if (view === 'items') return <Editor sections={sections} isSearch={search !== ''} isCutOff={isCutOff} />;
            if (items.length === 0) return <Empty icon="menu" title={t('none')} text={t('noneText')} />;
            if (sections.length === 0) return <Empty icon="search" title={t('noneFound')} text={t('noneFoundText')} />;
            return <Board sections={sections} isCutOff={isCutOff} />;
          }}
        </Region>
      )}
    </div>
  );
}
