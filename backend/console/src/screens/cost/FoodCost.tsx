import { useTranslations } from 'use-intl';
import type { FoodCostReportEntry, FoodCostReportEntryPortion } from '../../../../client/src/api.js';
import { useAll } from '../../app/queries.js';
import { rememberedStore } from '../../app/store.js';
import { useStore } from '../../app/useStore.js';
import { BarChart } from '../../charts/BarChart.js';
import { useFormat } from '../../i18n/format.js';
import { Empty } from '../../ui/Empty.js';
import { TextField } from '../../ui/Field.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';

const MOST_BARS = 20;
const [USUAL_TARGET, MOST_TARGET] = [30, 100];

/** Percent of the net price that the ingredients may cost. */
const target = rememberedStore('foodCostTarget', (value) =>
  typeof value === 'number' && value > 0 && value <= MOST_TARGET ? value : USUAL_TARGET,
);

interface Portion extends FoodCostReportEntryPortion {
  id: string;
  label: string;
  percent: number;
}

/** The share of the price that a portion costs, the dearest first, beside the target. */
export function FoodCost() {
  const t = useTranslations('cost');
  const report = useAll('getFoodCostReport', { query: { limit: 100 } });
  return (
    <div className="stack">
      <TextField
        className="input cost-target"
        label={t('target')}
        hint={t('targetHint')}
        type="number"
        min={1}
        max={MOST_TARGET}
        defaultValue={target.get()}
        onChange={({ target: { valueAsNumber } }) => {
          if (valueAsNumber > 0 && valueAsNumber <= MOST_TARGET) target.set(valueAsNumber);
        }}
      />
      <Region
        query={report}
        label={t('views.food')}
        lines={8}
        isEmpty={(entries) => portionsOf(entries).length === 0}
        empty={<Empty icon="cost" title={t('noCosts')} text={t('noCostsText')} />}
      >
        {(entries) => <Portions portions={portionsOf(entries)} />}
      </Region>
    </div>
  );
}

/** Portions whose cost and price are known. */
function portionsOf(entries: readonly FoodCostReportEntry[]): Portion[] {
  return entries
    .flatMap(({ menuItemId, name, portions }) =>
      portions.flatMap((portion) => {
        if (portion.foodCostPercent === null) return [];
        const label = portions.length > 1 ? `${name}, ${portion.name}` : name;
        const percent = Number(portion.foodCostPercent);
        return [{ ...portion, id: `${menuItemId} ${portion.variantId}`, label, percent }];
      }),
    )
    .toSorted((a, b) => b.percent - a.percent);
}

function Portions({ portions }: { portions: readonly Portion[] }) {
  const t = useTranslations('cost');
  const { money, percent } = useFormat();
  const most = useStore(target);
  const over = portions.filter((portion) => portion.percent > most).length;
  const finding = t('overTarget', { count: over, target: percent(most / 100) });
  return (
    <div className="card stack">
      {portions.some(({ isCostComplete }) => !isCostComplete) && <Notice tone="warn">{t('incomplete')}</Notice>}
      <BarChart
        title={finding}
        unit={t('foodUnit')}
        summary={finding}
        target={{ value: most, label: t('targetOf', { target: percent(most / 100) }) }}
        bars={portions.slice(0, MOST_BARS).map((portion) => ({
          id: portion.id,
          label: portion.label,
          value: portion.percent,
          text: percent(portion.percent / 100),
          detail: portion.percent > most ? t('over') : t('within'),
        }))}
        table={{
          columns: [t('dish'), t('netPrice'), t('cost'), t('margin'), t('share')],
          rows: portions.map(({ label, netPrice, cost, margin, percent: share }) => [
            label,
            money(netPrice),
            money(cost ?? 0),
            money(margin ?? 0),
            percent(share / 100),
          ]),
        }}
      />
    </div>
  );
}
