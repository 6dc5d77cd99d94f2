import { type DragEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from '../../ui/Button.js';

interface MoverProps {
  name: string;
  place: number;
  count: number;
  isDisabled: boolean;
  onMove: (place: number, to: number) => void;
}

/** Buttons beside dragging: they work with keys, with a thumb and with a screen reader. */
export function Mover({ name, place, count, isDisabled, onMove }: MoverProps) {
  const t = useTranslations('menu');
  return (
    <span className="menu-mover no-print">
      <IconButton
        icon="up"
        label={t('up', { name })}
        disabled={isDisabled || place === 0}
        onClick={() => onMove(place, place - 1)}
      />
      <IconButton
        icon="down"
        label={t('down', { name })}
        disabled={isDisabled || place === count - 1}
        onClick={() => onMove(place, place + 1)}
      />
    </span>
  );
}

interface Dragged {
  draggable: boolean;
  'data-drag'?: 'source' | 'target';
  onDragStart: (event: DragEvent) => void;
  onDragOver: (event: DragEvent) => void;
  onDragEnd: () => void;
  onDrop: (event: DragEvent) => void;
}

/**
 * Dragging within one list with the browser's own drag and drop. Another list takes nothing of it.
 * @returns what the element at a place needs.
 */
export function useDragging(
  isDisabled: boolean,
  onMove: (place: number, to: number) => void,
): (place: number) => Dragged {
  const [from, setFrom] = useState<number>();
  const [over, setOver] = useState<number>();
  const end = (): void => {
    setFrom(undefined);
    setOver(undefined);
  };
  const markOf = (place: number): Pick<Dragged, 'data-drag'> => {
    if (place === from) return { 'data-drag': 'source' };
    return place === over ? { 'data-drag': 'target' } : {};
  };
  return (place) => ({
    draggable: !isDisabled,
    ...markOf(place),
    onDragStart: (event) => {
      // Rows lie in sections that are dragged, too.
      event.stopPropagation();
      event.dataTransfer.effectAllowed = 'move';
      // Firefox drags only what has data.
      event.dataTransfer.setData('text/plain', '');
      setFrom(place);
    },
    onDragOver: (event) => {
      if (from === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(place);
    },
    onDragEnd: end,
    onDrop: (event) => {
      if (from === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (from !== place) onMove(from, place);
      end();
    },
  });
}
