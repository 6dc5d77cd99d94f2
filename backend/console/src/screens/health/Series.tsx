import { useMemo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { LineChart } from '../../charts/LineChart.js';
import { useFormat } from '../../i18n/format.js';
import { hitShare, type Report, type Sample } from './report.js';

interface Picture {
  name: string;
  /** The value, and the second one where there are two. */
  values: readonly ((report: Report, before: Report | undefined) => number | undefined)[];
  format: (value: number) => string;
}

/** The last minutes as lines. */
export function Series({ samples }: { samples: readonly Sample[] }) {
  const pictures = usePictures();
  const labels = useClock(samples);
  return (
    <div className="health__pictures">
      {pictures.map((picture) => (
        <div key={picture.name} className="card">
          <Curve picture={picture} samples={samples} labels={labels} />
        </div>
      ))}
    </div>
  );
}

function Curve({
  picture: { name, values, format },
  samples,
  labels,
}: {
  picture: Picture;
  samples: readonly Sample[];
  labels: readonly string[];
}) {
  const t = useTranslations('health');
  const words = (value: number | undefined): string => (value === undefined ? '–' : format(value));
  const lines = values.map((read, place) => ({
    label: t(`${name}.line${place}`),
    look: place === 0 ? ('main' as const) : ('before' as const),
    values: samples.map(({ report }, at) => read(report, samples[at - 1]?.report)),
  }));
  const known = lines[0]?.values.filter((value) => value !== undefined) ?? [];
  const last = words(known.at(-1));
  return (
    <LineChart
      title={known.length > 0 ? t(`${name}.title`, { value: last }) : t(`${name}.unit`)}
      unit={t(`${name}.unit`)}
      summary={t('summary', { last, least: words(leastOf(known)), most: words(mostOf(known)) })}
      labels={labels}
      lines={lines}
      format={format}
      table={{
        columns: [t('time'), ...lines.map(({ label }) => label)],
        rows: labels.map((label, at) => [label, ...lines.map((line) => words(line.values[at]))] as const).toReversed(),
      }}
    />
  );
}

function usePictures(): Picture[] {
  const { number } = useFormat();
  return useMemo(() => {
    const whole = (value: number): string => number(value, { maximumFractionDigits: 0 });
    const short = (value: number): string => number(value, { maximumSignificantDigits: 3 });
    const share = (value: number): string => number(value, { style: 'percent', maximumFractionDigits: 0 });
    return [
      { name: 'latency', values: [({ database }) => database.latencyMs ?? undefined], format: short },
      {
        name: 'connections',
        values: [({ database: { pool } }) => pool.total - pool.idle, ({ database: { pool } }) => pool.waiting],
        format: whole,
      },
      {
        name: 'loop',
        values: [
          ({ requests }) => requests.eventLoop.p99Seconds * 1_000,
          ({ requests }) => requests.eventLoop.meanSeconds * 1_000,
        ],
        format: short,
      },
      { name: 'busy', values: [({ requests }) => requests.eventLoop.utilization], format: share },
      { name: 'hits', values: [hitShare], format: share },
      {
        name: 'memory',
        values: [({ process }) => process.rssBytes / 1e6, ({ process }) => process.heapUsedBytes / 1e6],
        format: whole,
      },
    ];
  }, [number]);
}

/** Times with seconds: two samples are five of them apart. */
function useClock(samples: readonly Sample[]): string[] {
  const locale = useLocale();
  return useMemo(() => {
    const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
    return samples.map(({ at }) => clock.format(at));
  }, [locale, samples]);
}

function leastOf(values: readonly number[]): number | undefined {
  return values.length > 0 ? Math.min(...values) : undefined;
}

function mostOf(values: readonly number[]): number | undefined {
  return values.length > 0 ? Math.max(...values) : undefined;
}
