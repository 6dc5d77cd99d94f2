import { type KeyboardEvent, useRef, useState } from 'react';
import { Figure, type FigureTable } from './Figure.js';
import { ticksUpTo } from './scale.js';
import { useWidth } from './useWidth.js';

export interface ScatterPoint {
  id: string;
  label: string;
  x: number;
  y: number;
  /** Its form and colour, from 1 to 4. */
  look: number;
  /** The values in words. */
  text: string;
}

interface ScatterProps {
  title: string;
  unit: string;
  summary: string;
  points: readonly ScatterPoint[];
  /** Where the lines cross that make four fields. */
  xAt: number;
  yAt: number;
  xLabel: string;
  yLabel: string;
  formatX: (value: number) => string;
  formatY: (value: number) => string;
  legend: readonly { label: string; mark: string }[];
  table: FigureTable;
}

const [HEIGHT, TOP, FOOT, SIDE, END] = [360, 28, 44, 56, 16];
const RADIUS = 7;
/** Room for a name at the end of the picture. */
const NAME_PX = 160;
/**
 * Around the middle, for each look: circle, square, rhombus, triangle. They differ without colour.
 */
const FORMS = [
  '',
  'M-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0Z',
  'M-6 -6h12v12h-12Z',
  'M0 -8L8 0L0 8L-8 0Z',
  'M0 -8L8 6H-8Z',
];

/**
 * Points in four fields. The name of a point is shown where the pointer rests or the focus is; the
 * arrow keys go from one point to the next.
 */
export function Scatter({ points, xAt, yAt, xLabel, yLabel, formatX, formatY, ...figure }: ScatterProps) {
  const [place, width] = useWidth<SVGSVGElement>();
  const [shown, setShown] = useState<string>();
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  const [xs, ys] = [axisOf([xAt, ...points.map(({ x }) => x)]), axisOf([yAt, ...points.map(({ y }) => y)])];
  const x = (value: number): number => SIDE + ((width - SIDE - END) * (value - xs.least)) / (xs.most - xs.least);
  const y = (value: number): number => TOP + (HEIGHT - TOP - FOOT) * (1 - (value - ys.least) / (ys.most - ys.least));
  const named = sorted.find(({ id }) => id === shown);
  return (
    <Figure {...figure} isGroup>
      <svg ref={place} className="chart" viewBox={`0 0 ${width} ${HEIGHT}`}>
        <g aria-hidden="true">
          {xs.ticks.map((tick) => (
            <text key={tick} className="chart__label" x={x(tick)} y={HEIGHT - FOOT + 18} textAnchor="middle">
              {formatX(tick)}
            </text>
          ))}
          {ys.ticks.map((tick) => (
            <g key={tick}>
              <line className="chart__grid" x1={SIDE} x2={width - END} y1={y(tick)} y2={y(tick)} />
              <text className="chart__label" x={SIDE - 8} y={y(tick) + 4} textAnchor="end">
                {formatY(tick)}
              </text>
            </g>
          ))}
          <line className="scatter__cross" x1={x(xAt)} x2={x(xAt)} y1={TOP} y2={HEIGHT - FOOT} />
          <line className="scatter__cross" x1={SIDE} x2={width - END} y1={y(yAt)} y2={y(yAt)} />
          <text className="chart__label" x={width - END} y={HEIGHT - 6} textAnchor="end">
            {xLabel}
          </text>
          <text className="chart__label" x={0} y={12}>
            {yLabel}
          </text>
        </g>
        <Points points={sorted} shown={shown} onShow={setShown} x={x} y={y} />
        {named && (
          <text
            className="scatter__name"
            aria-hidden="true"
            x={x(named.x) + (x(named.x) > width - NAME_PX ? -1 : 1) * (RADIUS + 6)}
            y={y(named.y) - RADIUS - 4}
            textAnchor={x(named.x) > width - NAME_PX ? 'end' : 'start'}
          >
            {named.label}
          </text>
        )}
      </svg>
      <p className="scatter__text muted" aria-hidden="true">
        {named ? `${named.label} – ${named.text}` : '\u00a0'}
      </p>
    </Figure>
  );
}

interface PointsProps {
  points: readonly ScatterPoint[];
  shown: string | undefined;
  onShow: (id: string | undefined) => void;
  x: (value: number) => number;
  y: (value: number) => number;
}

/** One stop of the tab key for all of them. */
function Points({ points, shown, onShow, x, y }: PointsProps) {
  const group = useRef<SVGGElement>(null);
  const at = Math.max(
    0,
    points.findIndex(({ id }) => id === shown),
  );
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(points.length - 1, Math.max(0, at + step));
    // Points are the only children, in their order.
    (group.current?.children[next] as SVGGElement | undefined)?.focus();
  };
  return (
    <g ref={group} onKeyDown={move}>
      {points.map((point, number) => (
        <g
          key={point.id}
          className="scatter__point"
          transform={`translate(${x(point.x)} ${y(point.y)})`}
          role="img"
          aria-label={`${point.label}: ${point.text}`}
          tabIndex={number === at ? 0 : -1}
          onFocus={() => onShow(point.id)}
          onPointerEnter={() => onShow(point.id)}
        >
          <path className={`chart__part--${point.look}`} d={FORMS[point.look]} />
        </g>
      ))}
    </g>
  );
}

/** From zero, or from below it where there are such values. */
function axisOf(values: readonly number[]): { least: number; most: number; ticks: number[] } {
  const ticks = ticksUpTo(Math.max(0, ...values));
  const step = ticks[1] ?? 1;
  const below = Math.ceil(Math.max(0, -Math.min(...values)) / step - 1e-9);
  const all = [...Array.from({ length: below }, (_, place) => (place - below) * step), ...ticks];
  return { least: -below * step, most: ticks.at(-1) ?? 1, ticks: all };
}
