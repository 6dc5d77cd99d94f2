import { Figure, type FigureTable } from './Figure.js';
import { ticksUpTo } from './scale.js';

export interface Line {
  label: string;
  /** One for each label of the axis; absent where there is no value yet. */
  values: readonly (number | undefined)[];
  look: 'main' | 'before';
}

interface LineChartProps {
  title: string;
  unit: string;
  summary: string;
  labels: readonly string[];
  lines: readonly Line[];
  format: (value: number) => string;
  table: FigureTable;
}

const [WIDTH, HEIGHT, TOP, FOOT, SIDE] = [720, 240, 12, 26, 64];

/** Values one after the other; the one that it is compared to is dashed. */
export function LineChart({ labels, lines, format, ...figure }: LineChartProps) {
  const all = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const ticks = ticksUpTo(Math.max(0, ...all));
  const top = ticks.at(-1) ?? 1;
  const step = (WIDTH - SIDE - 8) / Math.max(1, labels.length - 1);
  const y = (value: number): number => TOP + (HEIGHT - TOP - FOOT) * (1 - Math.max(0, value) / top);
  const every = Math.ceil(labels.length / 12);
  const legend = lines.map(({ label, look }) => ({ label, mark: `figure__mark--line-${look}` }));
  return (
    <Figure {...figure} legend={legend}>
      <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="chart__grid" x1={SIDE} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
            <text className="chart__label" x={SIDE - 8} y={y(tick) + 4} textAnchor="end">
              {format(tick)}
            </text>
          </g>
        ))}
        {lines.toReversed().map(({ label, values, look }) => (
          <polyline
            key={label}
            className={`chart__line chart__line--${look}`}
            points={values
              .flatMap((value, place) => (value === undefined ? [] : [`${SIDE + place * step},${y(value)}`]))
              .join(' ')}
          />
        ))}
        {labels.map((label, place) =>
          place % every === 0 ? (
            <text key={label} className="chart__label" x={SIDE + place * step} y={HEIGHT - 6} textAnchor="middle">
              {label}
            </text>
          ) : null,
        )}
      </svg>
    </Figure>
  );
}
