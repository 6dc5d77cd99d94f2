import type { ReactNode } from 'react';
import { Icon } from './Icon.js';
import type { IconName } from './icons.js';

/** Says what belongs here and why there is none. @param children at most one action. */
export function Empty({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName;
  title: string;
  text?: string;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <p className="empty__title">{title}</p>
      {text !== undefined && <p>{text}</p>}
      {children}
    </div>
  );
}
