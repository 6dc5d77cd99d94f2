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
  /** A line across all bars, and what it means. Bars beyond it have another colour. */
  target?: { value: number; label: string };
  table: FigureTable;
}

/** Names with a bar each, the largest first. */
export function BarChart({ bars, target, ...figure }: BarChartProps) {
  const most = Math.max(1, target?.value ?? 0, ...bars.map(({ value }) => value));
  const line = target && (100 * target.value) / most;
  const legend = target && { legend: [{ label: target.label, mark: 'figure__mark--target' }] };
  return (
    <Figure {...figure} {...legend}>
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
              <rect
                className={target && value > target.value ? 'chart__part--2' : 'chart__column'}
                width={Math.max(0, (100 * value) / most)}
                height="6"
              />
              {line !== undefined && <line className="bars__target" x1={line} x2={line} y2="6" />}
            </svg>
          </div>
        ))}
      </div>
    </Figure>
  );
}
