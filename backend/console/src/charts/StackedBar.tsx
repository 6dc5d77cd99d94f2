import { Figure, type FigureTable } from './Figure.js';

export interface Part {
  id: string;
  label: string;
  value: number;
  text: string;
}

interface StackedBarProps {
  title: string;
  unit: string;
  summary: string;
  parts: readonly Part[];
  table: FigureTable;
}

/** The parts of one whole. Their order is that of the names below, so colour is not needed. */
export function StackedBar({ parts, ...figure }: StackedBarProps) {
  const whole = parts.reduce((sum, { value }) => sum + Math.max(0, value), 0) || 1;
  const widths = parts.map(({ value }) => (1000 * Math.max(0, value)) / whole);
  const startOf = (place: number): number => widths.slice(0, place).reduce((sum, width) => sum + width, 0);
  return (
    <Figure {...figure}>
      <svg className="stacked" viewBox="0 0 1000 44" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {parts.map(({ id }, place) => (
          <rect
            key={id}
            className={`chart__part chart__part--${(place % 5) + 1}`}
            x={startOf(place)}
            width={widths[place]}
            height="44"
          />
        ))}
      </svg>
      <ul className="stacked__legend">
        {parts.map(({ id, label, text }, place) => (
          <li key={id}>
            <span className={`figure__mark figure__mark--part-${(place % 5) + 1}`} />
            <span>{label}</span>
            <strong className="number">{text}</strong>
          </li>
        ))}
      </ul>
    </Figure>
  );
}
