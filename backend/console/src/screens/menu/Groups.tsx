import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { ModifierGroup } from '../../../../client/src/api.js';
import { usePages } from '../../app/queries.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { useMedia, WIDE } from '../../ui/useMedia.js';
import { GroupSheet } from './GroupSheet.js';

/** Groups of modifiers, which dishes share. */
export function Groups() {
  const t = useTranslations('menu');
  const isWide = useMedia(WIDE);
  const pages = usePages('listModifierGroups', { query: { limit: 100 } });
  const columns = useMemo(() => {
    const name: Column<ModifierGroup> = {
      id: 'name',
      label: t('name'),
      width: 'minmax(0, 1fr)',
      cell: (group) => <strong>{group.name}</strong>,
    };
    const limits: Column<ModifierGroup> = {
      id: 'limits',
      label: t('limits'),
      width: '9rem',
      cell: ({ minSelections, maxSelections }) => t('limitsOf', { least: minSelections, most: maxSelections }),
    };
    const modifiers: Column<ModifierGroup> = {
      id: 'modifiers',
      label: t('modifiers'),
      width: 'minmax(0, 2fr)',
      cell: (group) => <span className="muted">{group.modifiers.map((one) => one.name).join(', ')}</span>,
    };
    return isWide ? [name, limits, modifiers] : [name, limits];
  }, [t, isWide]);
  return (
    <RecordList
      pages={pages}
      columns={columns}
      label={t('modifierGroups')}
      none={{ icon: 'menu', title: t('noGroups'), text: t('noGroupsText') }}
      create={{ label: t('newGroup'), dialog: (onClose) => <GroupSheet onClose={onClose} /> }}
      details={(group, onClose) => <GroupSheet key={group.id} group={group} onClose={onClose} />}
    />
  );
}
