import { type Metric as Collected, Registry } from 'prom-client';
import type { Distribution } from '../../status/distribution.ts';
import type { Metric, Picture } from './metric.ts';
import { METRICS } from './table.ts';

interface Line {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#histograms-and-summaries */
function histogramLines(name: string, { limits, counts, sum, count }: Distribution): readonly Line[] {
  let below = 0;
  const buckets = limits.map((le, i): Line => {
    below += counts[i] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels: {}, value: sum },
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
}

function linesOf({ name, of }: Metric, picture: Picture): readonly Line[] {
  if (of.type !== 'histogram') return of.read(picture).map(([labels, value]) => ({ labels, value }));
  const { applied } = picture.view;
  return applied ? histogramLines(name, of.read(applied)) : [];
}

/** A registry whose metrics are read from one look at the pipeline: the data path knows nothing of them. */
export class Exposition {
  readonly registry = new Registry();
  private picture: Picture | null = null;

  constructor() {
    for (const metric of METRICS) this.registry.registerMetric(this.collected(metric));
  }

  /** The text that Prometheus reads. */
  async text(picture: Picture): Promise<string> {
    this.picture = picture;
    return await this.registry.metrics();
  }

  /** The classes of the library keep values of their own; ours are kept already. */
  private collected(metric: Metric): Collected {
    const { name, help, of } = metric;
    const get = async () => ({
      name,
      help,
      type: of.type,
      aggregator: 'sum',
      values: this.picture ? linesOf(metric, this.picture) : [],
    });
    return { name, help, type: of.type, aggregator: 'sum', get } as unknown as Collected;
  }
}
