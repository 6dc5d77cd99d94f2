import { Figure, type FigureTable } from './Figure.js';
import { ticksUpTo } from './scale.js';
import { useWidth } from './useWidth.js';

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

const [HEIGHT, TOP, FOOT, SIDE] = [220, 12, 26, 48];
/** Room for the label of a column, and the widest column. */
const [LABEL_PX, WIDEST_PX] = [48, 44];

/** Columns side by side, each perhaps with the one that it is compared to. */
export function ColumnChart({ columns, format, ...figure }: ColumnChartProps) {
  const [place, width] = useWidth<SVGSVGElement>();
  const most = Math.max(0, ...columns.flatMap(({ value, before = 0 }) => [value, before]));
  const ticks = ticksUpTo(most);
  const top = ticks.at(-1) ?? 1;
  const step = (width - SIDE) / columns.length;
  const [slim, broad] = [Math.min(step * 0.64, WIDEST_PX), Math.min(step * 0.8, WIDEST_PX + 8)];
  const y = (value: number): number => TOP + (HEIGHT - TOP - FOOT) * (1 - Math.max(0, value) / top);
  const every = Math.ceil(LABEL_PX / step);
  return (
    <Figure {...figure}>
      <svg ref={place} className="chart" viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true" focusable="false">
        {columns.map(({ label, isShaded }, at) =>
          isShaded ? (
            <rect
              key={label}
              className="chart__shade"
              x={SIDE + at * step}
              y={TOP}
              width={step}
              height={HEIGHT - TOP - FOOT}
            />
          ) : null,
        )}
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="chart__grid" x1={SIDE} x2={width} y1={y(tick)} y2={y(tick)} />
            <text className="chart__label" x={SIDE - 8} y={y(tick) + 4} textAnchor="end">
              {format(tick)}
            </text>
          </g>
        ))}
        {columns.map(({ label, value, before }, at) => {
          const middle = SIDE + (at + 0.5) * step;
          return (
            <g key={label}>
              {value > 0 && (
                <rect
                  className="chart__column"
                  x={middle - slim / 2}
                  y={y(value)}
                  width={slim}
                  height={y(0) - y(value)}
                  rx="3"
                />
              )}
              {before !== undefined && before > 0 && (
                <rect
                  className="chart__before"
                  x={middle - broad / 2}
                  y={y(before)}
                  width={broad}
                  height={y(0) - y(before)}
                  rx="3"
                />
              )}
              {at % every === 0 && (
                <text className="chart__label" x={middle} y={HEIGHT - 6} textAnchor="middle">
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
