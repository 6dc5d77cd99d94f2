import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export interface Tab {
  value: string;
  label: string;
  content: () => ReactNode;
}

/** Views of one thing; arrow keys go from one to the next. Only the shown one is made. */
export function Tabs({
  tabs,
  value,
  onChange,
  label,
}: {
  tabs: readonly Tab[];
  value: string;
  onChange: (value: string) => void;
  label: string;
}) {
  return (
    <BaseTabs.Root value={value} onValueChange={(chosen) => onChange(String(chosen))}>
      <BaseTabs.List className="tabs__list" aria-label={label}>
        {tabs.map((tab) => (
          <BaseTabs.Tab key={tab.value} value={tab.value} className="tabs__tab">
            {tab.label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map((tab) => (
        <BaseTabs.Panel key={tab.value} value={tab.value} className="tabs__panel">
          {tab.content()}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}
