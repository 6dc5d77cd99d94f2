import type { ComponentProps, ReactNode } from 'react';
import { Icon } from './Icon.js';
import type { IconName } from './icons.js';

export interface ButtonLook {
  /** main: the one action of a place. bad: it takes something away. quiet: beside others. */
  look?: 'main' | 'bad' | 'quiet';
  icon?: IconName;
  isWide?: boolean;
}

type ButtonProps = Omit<ComponentProps<'button'>, 'type'> & ButtonLook & { isBusy?: boolean; type?: 'submit' };

/** While it is busy, a second press has no effect; it keeps the focus. */
export function Button({ look, icon, isWide, isBusy, type, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type={type ?? 'button'}
      className={`${lookOf({ look, isWide })} ${className ?? ''}`}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {icon && <Icon name={isBusy ? 'refresh' : icon} />}
      {children}
    </button>
  );
}

/** @param label is spoken, and shown when the pointer rests on it. */
export function IconButton({
  icon,
  label,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'type' | 'children'> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      className={`button button--quiet button--icon ${className ?? ''}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}

export function lookOf({
  look,
  isWide,
}: {
  look?: ButtonLook['look'] | undefined;
  isWide?: boolean | undefined;
}): string {
  return ['button', look && `button--${look}`, isWide && 'button--wide'].filter(Boolean).join(' ');
}

/** The actions at the end of a form or a dialog. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="dialog__actions">{children}</div>;
}
