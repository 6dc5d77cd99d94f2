import { Figure, type FigureTable } from './Figure.js';

export interface Bar {
  id: string;
  label: string;
  value: number;
  /** The value in words, beside the bar. */
  text: string;
  detail?: string;
}

interface BarChartProps {
  title: string;
  unit: string;
  summary: string;
  bars: readonly Bar[];
  table: FigureTable;
}

/** Names with a bar each, the largest first. */
export function BarChart({ bars, ...figure }: BarChartProps) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <Figure {...figure}>
      <div className="bars">
        {bars.map(({ id, label, value, text, detail }) => (
          <div key={id} className="bars__bar">
            <span className="bars__label">{label}</span>
            <span className="bars__value number">
              {text}
              {detail !== undefined && <span className="muted"> · {detail}</span>}
            </span>
            <svg className="bars__track" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect className="bars__ground" width="100" height="6" />
              <rect className="chart__column" width={Math.max(0, (100 * value) / most)} height="6" />
            </svg>
          </div>
        ))}
      </div>
    </Figure>
  );
}
