import { Figure, type FigureTable } from './Figure.js';

interface HeatmapProps {
  title: string;
  unit: string;
  summary: string;
  columns: readonly string[];
  rows: readonly { label: string; values: readonly number[] }[];
  /** The value in words, for the one who rests the pointer on a field. */
  format: (value: number) => string;
  table: FigureTable;
}

const [SIDE, TOP, CELL, STEP] = [88, 22, 26, 28];
/** The picture has the width of its place: one column alone would be as large as the page. */
const LEAST_COLUMNS = 18;
/** Steps of strength: more of them cannot be told apart. */
const STRENGTHS = 5;

/** Fields in rows and columns: the stronger, the more. */
export function Heatmap({ columns, rows, format, ...figure }: HeatmapProps) {
  const most = Math.max(1, ...rows.flatMap(({ values }) => values));
  const strength = (value: number): number => (value <= 0 ? 0 : Math.max(1, Math.ceil((STRENGTHS * value) / most)));
  return (
    <Figure {...figure}>
      <svg
        className="chart"
        viewBox={`0 0 ${SIDE + Math.max(columns.length, LEAST_COLUMNS) * STEP} ${TOP + rows.length * STEP}`}
        aria-hidden="true"
        focusable="false"
      >
        {columns.map((label, place) => (
          <text key={label} className="chart__label" x={SIDE + place * STEP + CELL / 2} y={14} textAnchor="middle">
            {label}
          </text>
        ))}
        {rows.map(({ label, values }, row) => (
          <g key={label}>
            <text className="chart__label" x={SIDE - 8} y={TOP + row * STEP + 18} textAnchor="end">
              {label}
            </text>
            {values.map((value, column) => (
              <rect
                key={columns[column]}
                className={`chart__heat chart__heat--${strength(value)}`}
                x={SIDE + column * STEP}
                y={TOP + row * STEP}
                width={CELL}
                height={CELL}
                rx="4"
              >
                <title>{format(value)}</title>
              </rect>
            ))}
          </g>
        ))}
      </svg>
    </Figure>
  );
}
