import type { Bar } from './BarChart.js';
import { Figure, type FigureTable } from './Figure.js';

interface DivergingBarsProps {
  title: string;
  unit: string;
  summary: string;
  bars: readonly Bar[];
  table: FigureTable;
}

/** Names with a bar each to one side of a middle line: above zero or below it. */
export function DivergingBars({ bars, ...figure }: DivergingBarsProps) {
  const most = Math.max(1, ...bars.map(({ value }) => Math.abs(value)));
  return (
    <Figure {...figure}>
      <div className="bars">
        {bars.map(({ id, label, value, text, detail }) => {
          const width = (50 * Math.abs(value)) / most;
          return (
            <div key={id} className="bars__bar">
              <span className="bars__label">{label}</span>
              <span className="bars__value number">
                {text}
                {detail !== undefined && <span className="muted"> · {detail}</span>}
              </span>
              <svg className="bars__track" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect className="bars__ground" width="100" height="6" />
                <rect
                  className={value < 0 ? 'chart__column' : 'chart__part--2'}
                  x={value < 0 ? 50 - width : 50}
                  width={width}
                  height="6"
                />
                <line className="bars__middle" x1="50" x2="50" y2="6" />
              </svg>
            </div>
          );
        })}
      </div>
    </Figure>
  );
}
