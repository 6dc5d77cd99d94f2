import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/Button.js';

export interface FigureTable {
  columns: readonly string[];
  rows: readonly (readonly [string, ...string[]])[];
}

interface FigureProps {
  /** Says what the picture shows, better: what it finds. */
  title: string;
  /** The unit of the axis, such as "EUR an hour". */
  unit: string;
  /** The same figures as text, for everybody who cannot or will not read the picture. */
  table: FigureTable;
  /** The picture in one sentence, for a screen reader. */
  summary: string;
  legend?: readonly { label: string; mark: string }[];
  /** The picture has parts that take the focus. */
  isGroup?: boolean;
  children: ReactNode;
}

/** A chart with its heading, its unit, its legend, and the way to see it as a table. */
export function Figure({ title, unit, table, summary, legend, isGroup, children }: FigureProps) {
  const t = useTranslations('chart');
  const [isTable, setTable] = useState(false);
  const id = useId();
  return (
    <figure className="figure" aria-labelledby={id}>
      <figcaption className="figure__head">
        <div>
          <h2 id={id}>{title}</h2>
          <p className="figure__unit">{unit}</p>
        </div>
        <Button look="quiet" className="no-print" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? t('asPicture') : t('asTable')}
        </Button>
      </figcaption>
      {isTable ? (
        <TableOf table={table} title={title} />
      ) : (
        <>
          {legend && (
            <ul className="figure__legend">
              {legend.map(({ label, mark }) => (
                <li key={label}>
                  <span className={`figure__mark ${mark}`} /> {label}
                </li>
              ))}
            </ul>
          )}
          <div className="figure__picture" role={isGroup ? 'group' : 'img'} aria-label={summary}>
            {children}
          </div>
        </>
      )}
    </figure>
  );
}

function TableOf({ table: { columns, rows }, title }: { table: FigureTable; title: string }) {
  const [first, ...others] = columns;
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={title}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {others.map((label) => (
              <th key={label} scope="col" className="is-number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, place) => (
                <td key={columns[place + 1]} className="is-number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
