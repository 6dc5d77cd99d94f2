import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Column } from './Table.js';

const ROW_PX = 52;
/** Rows outside of the view that are kept, so that scrolling shows no gap. */
const OVERSCAN = 8;

interface VirtualTableProps<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  label: string;
  /** Enter or a press on a row. */
  onOpen?: (row: Row) => void;
  /** Called when the end comes into view, to load more. */
  onEnd?: () => void;
  /** Least width of the whole, before it scrolls sideways. */
  minWidth?: string;
}

/**
 * Thousands of rows, of which only those in view are in the page. Arrows, `j` and `k` move, Enter
 * opens.
 */
export function VirtualTable<Row>({
  columns,
  rows,
  keyOf,
  label,
  onOpen,
  onEnd,
  minWidth = '0',
}: VirtualTableProps<Row>) {
  const frame = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    onChange: ({ range }) => {
      if (range && range.endIndex >= rows.length - OVERSCAN) onEnd?.();
    },
  });
  const endIndex = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    // A page that came while its end was in view is followed by the next one.
    if (rows.length > 0 && endIndex >= rows.length - OVERSCAN) onEnd?.();
  }, [rows.length, endIndex, onEnd]);
  const move = (to: number): void => {
    const place = Math.max(0, Math.min(rows.length - 1, to));
    setActive(place);
    virtual.scrollToIndex(place);
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus());
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 }[event.key];
    const row = rows[active];
    if (step !== undefined) move(active + step);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(rows.length - 1);
    else if (event.key === 'Enter' && row !== undefined) onOpen?.(row);
    else return;
    event.preventDefault();
  };
  const template = columns.map(({ width }) => width ?? 'minmax(6rem, 1fr)').join(' ');
  const style = { '--vtable-columns': template, '--vtable-width': minWidth } as React.CSSProperties;
  return (
    <div
      ref={frame}
      className="vtable"
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      style={style}
      onKeyDown={onKey}
    >
      <div role="rowgroup" className="vtable__head-group">
        <div role="row" className="vtable__head" aria-rowindex={1}>
          {columns.map(({ id, label: text, isNumber }) => (
            <div key={id} role="columnheader" className={cellClass(isNumber)}>
              {text}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ blockSize: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={keyOf(row)}
              role="row"
              className="vtable__row"
              aria-rowindex={index + 2}
              data-place={index}
              data-pressable={onOpen ? '' : undefined}
              tabIndex={index === active ? 0 : -1}
              style={{ transform: `translateY(${start}px)`, blockSize: ROW_PX }}
              onClick={() => {
                setActive(index);
                onOpen?.(row);
              }}
            >
              {columns.map(({ id, cell, isNumber }) => (
                <div key={id} role="gridcell" className={cellClass(isNumber)}>
                  {cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function cellClass(isNumber: boolean | undefined): string {
  return isNumber ? 'vtable__cell is-number' : 'vtable__cell';
}
