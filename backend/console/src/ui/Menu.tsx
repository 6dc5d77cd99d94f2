import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Fragment } from 'react';
import { Icon } from './Icon.js';
import type { IconName } from './icons.js';

export interface MenuEntry {
  label: string;
  icon?: IconName;
  run: () => void;
  isChosen?: boolean;
  isDisabled?: boolean;
}

export interface MenuGroup {
  label?: string;
  entries: readonly MenuEntry[];
}

/** A button that opens a list of actions; arrows and first letters move in it. */
export function Menu({
  icon,
  label,
  groups,
  text,
}: {
  icon: IconName;
  label: string;
  groups: readonly MenuGroup[];
  text?: string;
}) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger
        className={text === undefined ? 'button button--quiet button--icon' : 'button'}
        aria-label={label}
        title={label}
      >
        <Icon name={icon} />
        {text}
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner className="layer" sideOffset={4} align="end">
          <BaseMenu.Popup className="menu">
            {groups.map((group, place) => (
              <Fragment key={group.label ?? place}>
                <BaseMenu.Group>
                  {group.label !== undefined && (
                    <BaseMenu.GroupLabel className="menu__label">{group.label}</BaseMenu.GroupLabel>
                  )}
                  {group.entries.map((entry) => (
                    <BaseMenu.Item
                      key={entry.label}
                      className="menu__item"
                      disabled={entry.isDisabled ?? false}
                      onClick={entry.run}
                    >
                      {entry.icon && <Icon name={entry.icon} />}
                      {entry.label}
                      {entry.isChosen && <Icon name="check" />}
                    </BaseMenu.Item>
                  ))}
                </BaseMenu.Group>
              </Fragment>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
