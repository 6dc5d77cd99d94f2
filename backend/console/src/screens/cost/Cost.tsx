import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { Tabs } from '../../ui/Tabs.js';
import { FoodCost } from './FoodCost.js';
import { MenuEngineering } from './MenuEngineering.js';
import { Variance } from './Variance.js';

const VIEWS = ['food', 'menu', 'variance'] as const;

/** Costs: of each dish, of the menu as a whole, and of the stock that went missing. */
export function Screen() {
  const t = useTranslations('cost');
  const [params, setParams] = useSearchParams();
  const contents = { food: () => <FoodCost />, menu: () => <MenuEngineering />, variance: () => <Variance /> };
  const change = (view: string): void =>
    setParams(
      (before) => {
        before.set('view', view);
        return before;
      },
      { replace: true },
    );
  return (
    <div className="screen stack">
      <h1>{t('title')}</h1>
      <Tabs
        label={t('title')}
        value={VIEWS.find((view) => view === params.get('view')) ?? 'food'}
        onChange={change}
        tabs={VIEWS.map((value) => ({ value, label: t(`views.${value}`), content: contents[value] }))}
      />
    </div>
  );
}
