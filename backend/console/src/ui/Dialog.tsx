import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from './Button.js';
import { addDialog } from './dialogs.js';

export interface DialogProps {
  title: string;
  children: ReactNode;
  /** Called for Escape, the cross and a press beside it. Absent: it can only be answered. */
  onClose?: () => void;
  size?: 'large';
  /** sheet: at the side of the page, for details of a row. */
  kind?: 'sheet';
}

/**
 * The browser's own modal dialog: it keeps the focus inside, gives it back at the end, and hides
 * the page from screen readers.
 */
export function Dialog({ title, children, onClose, size, kind }: DialogProps) {
  const t = useTranslations();
  const place = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => (place.current ? addDialog(place.current) : undefined), []);
  useEffect(() => {
    const before = document.activeElement;
    place.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={place}
      className={kind === 'sheet' ? 'dialog dialog--sheet' : 'dialog'}
      data-size={size}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        // The browser itself may close two dialogs at once, or one that has to be answered.
        event.preventDefault();
        event.stopPropagation();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === place.current) onClose?.();
      }}
    >
      <div className="dialog__head">
        <h2 id={titleId}>{title}</h2>
        {onClose ? <IconButton icon="close" label={t('close')} onClick={onClose} /> : <span />}
      </div>
      <div className="dialog__body">{children}</div>
    </dialog>
  );
}

/** Details beside a list: at the side on a wide screen, the whole page on a phone. */
export function Sheet(props: Omit<DialogProps, 'kind' | 'size'>) {
  return <Dialog {...props} kind="sheet" />;
}
