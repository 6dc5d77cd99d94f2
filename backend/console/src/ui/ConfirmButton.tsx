import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from './Button.js';

/** A person who did not mean it waits so long, and nothing has happened. */
const ASKS_MS = 5_000;

/** Takes something away for good: the first press asks, and the second one does it. */
export function ConfirmButton({
  isBusy,
  onConfirm,
  children,
}: {
  isBusy: boolean;
  onConfirm: () => void;
  children: ReactNode;
}) {
  const t = useTranslations();
  const [asks, setAsks] = useState(false);
  useEffect(() => {
    if (!asks) return undefined;
    const timer = setTimeout(setAsks, ASKS_MS, false);
    return () => clearTimeout(timer);
  }, [asks]);
  const press = (): void => {
    setAsks(!asks);
    if (asks) onConfirm();
  };
  return (
    <Button look="bad" isBusy={isBusy} onClick={press}>
      {asks ? t('confirm') : children}
    </Button>
  );
}
