import { Figure, type FigureTable } from './Figure.js';
import { ticksUpTo } from './scale.js';
import { useWidth } from './useWidth.js';

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

const [HEIGHT, TOP, FOOT, SIDE, END] = [220, 12, 26, 48, 20];
/** Room for a label of the axis. */
const LABEL_PX = 56;

/** Values one after the other; the one that it is compared to is dashed. */
export function LineChart({ labels, lines, format, ...figure }: LineChartProps) {
  const [place, width] = useWidth<SVGSVGElement>();
  const all = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const ticks = ticksUpTo(Math.max(0, ...all));
  const top = ticks.at(-1) ?? 1;
  const step = (width - SIDE - END) / Math.max(1, labels.length - 1);
  const y = (value: number): number => TOP + (HEIGHT - TOP - FOOT) * (1 - Math.max(0, value) / top);
  const every = Math.max(1, Math.ceil(LABEL_PX / step));
  const legend = lines.map(({ label, look }) => ({ label, mark: `figure__mark--line-${look}` }));
  return (
    <Figure {...figure} legend={legend}>
      <svg ref={place} className="chart" viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true" focusable="false">
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="chart__grid" x1={SIDE} x2={width} y1={y(tick)} y2={y(tick)} />
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
              .flatMap((value, at) => (value === undefined ? [] : [`${SIDE + at * step},${y(value)}`]))
              .join(' ')}
          />
        ))}
        {labels.map((label, at) =>
          at % every === 0 ? (
            <text key={label} className="chart__label" x={SIDE + at * step} y={HEIGHT - 6} textAnchor="middle">
              {label}
            </text>
          ) : null,
        )}
      </svg>
    </Figure>
  );
}
