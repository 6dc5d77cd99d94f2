import { type DragEvent, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';

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
  /** For the element that is moved. */
  row: {
    'data-drag'?: 'source' | 'target';
    onDragOver: (event: DragEvent) => void;
    onDrop: (event: DragEvent) => void;
  };
  /** The part of it that a mouse takes hold of; undefined while nothing can be moved. */
  grip: ReactNode;
}

/**
 * Dragging within one list with the browser's own drag and drop. Another list takes nothing of it.
 * @returns what the element at a place needs.
 */
export function useDragging(canMove: boolean, onMove: (place: number, to: number) => void): (place: number) => Dragged {
  const [from, setFrom] = useState<number>();
  const [over, setOver] = useState<number>();
  const end = (): void => {
    setFrom(undefined);
    setOver(undefined);
  };
  const markOf = (place: number): Pick<Dragged['row'], 'data-drag'> => {
    if (place === from) return { 'data-drag': 'source' };
    return place === over ? { 'data-drag': 'target' } : {};
  };
  return (place) => ({
    row: {
      ...markOf(place),
      onDragOver: (event) => {
        if (from === undefined) return;
        event.preventDefault();
        setOver(place);
      },
      onDrop: (event) => {
        if (from === undefined) return;
        event.preventDefault();
        if (from !== place) onMove(from, place);
        end();
      },
    },
    grip: canMove && <Grip onStart={() => setFrom(place)} onEnd={end} />,
  });
}

/** For a mouse alone: the buttons beside it are for everybody. */
function Grip({ onStart, onEnd }: { onStart: () => void; onEnd: () => void }) {
  return (
    <span
      className="menu-grip no-print"
      aria-hidden="true"
      draggable
      onDragStart={({ currentTarget, dataTransfer }) => {
        dataTransfer.effectAllowed = 'move';
        // Firefox drags only what has data.
        dataTransfer.setData('text/plain', '');
        const row = currentTarget.closest('li, section');
        if (row) dataTransfer.setDragImage(row, 0, 0);
        onStart();
      }}
      onDragEnd={onEnd}
    >
      <Icon name="grip" />
    </span>
  );
}
