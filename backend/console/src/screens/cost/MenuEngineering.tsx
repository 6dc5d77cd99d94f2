import { useTranslations } from 'use-intl';
import type { EngineeredDish, EngineeredDishClass, MenuEngineeringReport } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { amountOf } from '../../charts/scale.js';
import { Scatter, type ScatterPoint } from '../../charts/Scatter.js';
import { useFormat } from '../../i18n/format.js';
import { Empty } from '../../ui/Empty.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { PeriodBar, usePeriod } from '../sales/PeriodBar.js';
import { useAxis } from '../sales/useAxis.js';

const CLASSES = ['star', 'plowhorse', 'puzzle', 'dog'] as const satisfies readonly EngineeredDishClass[];
const PAGE_SIZE = 100;

type Classed = EngineeredDish & { class: EngineeredDishClass };

/** Which dishes guests like and which earn money: four fields, each with an advice of its own. */
export function MenuEngineering() {
  const t = useTranslations('cost');
  const [period, setPeriod] = usePeriod();
  const report = useCall('getMenuEngineeringReport', { query: { ...period, limit: PAGE_SIZE } }, { keeps: true });
  return (
    <div className="stack">
      <PeriodBar period={period} onChange={setPeriod} />
      <Region
        query={report}
        label={t('views.menu')}
        lines={8}
        isEmpty={({ menu }) => menu.dishes === 0}
        empty={<Empty icon="cost" title={t('noDishes')} text={t('noDishesText')} />}
      >
        {(known) => <Fields report={known} />}
      </Region>
    </div>
  );
}

function Fields({ report: { data, menu, nextCursor } }: { report: MenuEngineeringReport }) {
  const t = useTranslations('cost');
  const { money, number } = useFormat();
  const { short } = useAxis();
  const dishes = data.filter((dish): dish is Classed => dish.class !== null);
  const finding = t('fieldsFound', {
    stars: dishes.filter((dish) => dish.class === 'star').length,
    dogs: dishes.filter((dish) => dish.class === 'dog').length,
  });
  const popularity = (percent: string | null): string =>
    number(Number(percent ?? 0) / 100, { style: 'percent', maximumFractionDigits: 1 });
  const points: ScatterPoint[] = dishes.map((dish) => ({
    id: dish.menuItemId,
    label: dish.name,
    x: Number(dish.popularityPercent ?? 0),
    y: amountOf(dish.contributionMargin ?? 0),
    look: CLASSES.indexOf(dish.class) + 1,
    text: `${t(`classes.${dish.class}`)}: ${popularity(dish.popularityPercent)}, ${money(dish.contributionMargin ?? 0)}`,
  }));
  return (
    <div className="card stack">
      {nextCursor !== null && <Notice tone="info">{t('firstDishes', { count: PAGE_SIZE })}</Notice>}
      <Scatter
        title={finding}
        unit={t('fieldsUnit')}
        summary={finding}
        points={points}
        xAt={Number(menu.popularityThresholdPercent ?? 0)}
        yAt={amountOf(menu.marginThreshold ?? 0)}
        xLabel={t('popularity')}
        yLabel={t('marginEach')}
        formatX={(value) => popularity(String(value))}
        formatY={short}
        legend={CLASSES.map((name, place) => ({
          label: t(`advice.${name}`),
          mark: `scatter__mark scatter__mark--${place + 1}`,
        }))}
        table={{
          columns: [t('dish'), t('class'), t('units'), t('popularity'), t('marginEach')],
          rows: data.map((dish) => [
            dish.name,
            dish.class === null ? t(`reasons.${dish.unclassedReason ?? 'not_sold'}`) : t(`classes.${dish.class}`),
            number(dish.units),
            dish.popularityPercent === null ? '–' : popularity(dish.popularityPercent),
            dish.contributionMargin === null ? '–' : money(dish.contributionMargin),
          ]),
        }}
      />
    </div>
  );
}
