import { Figure, type FigureTable } from './Figure.js';
import { ticksUpTo } from './scale.js';

export interface ColumnOf {
  label: string;
  value: number;
  /** Drawn as an outline behind the column. */
  before?: number;
  /** Its background is shaded. */
  isShaded?: boolean;
}

interface ColumnChartProps {
  title: string;
  unit: string;
  summary: string;
  columns: readonly ColumnOf[];
  /** Writes a value of the axis. */
  format: (value: number) => string;
  table: FigureTable;
  legend?: readonly { label: string; mark: string }[];
}

const [WIDTH, HEIGHT, TOP, FOOT, SIDE] = [720, 240, 12, 26, 64];

/** Columns side by side, each perhaps with the one that it is compared to. */
export function ColumnChart({ columns, format, ...figure }: ColumnChartProps) {
  const most = Math.max(0, ...columns.flatMap(({ value, before = 0 }) => [value, before]));
  const ticks = ticksUpTo(most);
  const top = ticks.at(-1) ?? 1;
  const step = (WIDTH - SIDE) / columns.length;
  const y = (value: number): number => TOP + (HEIGHT - TOP - FOOT) * (1 - Math.max(0, value) / top);
  const every = Math.ceil(columns.length / 12);
  return (
    <Figure {...figure}>
      <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
        {columns.map(({ label, isShaded }, place) =>
          isShaded ? (
            <rect
              key={label}
              className="chart__shade"
              x={SIDE + place * step}
              y={TOP}
              width={step}
              height={HEIGHT - TOP - FOOT}
            />
          ) : null,
        )}
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="chart__grid" x1={SIDE} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
            <text className="chart__label" x={SIDE - 8} y={y(tick) + 4} textAnchor="end">
              {format(tick)}
            </text>
          </g>
        ))}
        {columns.map(({ label, value, before }, place) => {
          const x = SIDE + place * step;
          return (
            <g key={label}>
              {value > 0 && (
                <rect
                  className="chart__column"
                  x={x + step * 0.18}
                  y={y(value)}
                  width={step * 0.64}
                  height={y(0) - y(value)}
                  rx="3"
                />
              )}
              {before !== undefined && before > 0 && (
                <rect
                  className="chart__before"
                  x={x + step * 0.1}
                  y={y(before)}
                  width={step * 0.8}
                  height={y(0) - y(before)}
                  rx="3"
                />
              )}
              {place % every === 0 && (
                <text className="chart__label" x={x + step / 2} y={HEIGHT - 6} textAnchor="middle">
                  {label}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </Figure>
  );
}
