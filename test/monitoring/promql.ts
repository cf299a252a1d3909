import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { METRICS } from '../../src/serve/metrics/table.ts';

export const page = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}
export const RULES: Rule[] = parse(page('monitoring/alerts.yaml')).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);
export const PANELS: { title: string; targets: Target[] }[] = JSON.parse(page('monitoring/dashboard.json')).panels;

/** What Prometheus adds to every series of a target. */
export const OWN_LABELS = ['instance', 'job'];
/** A series of Prometheus itself. */
export const OWN_SERIES = ['up'];
/** Series name to its labels and its kind. */
export const SERIES = new Map(
  METRICS.flatMap(({ name, labels = [], of }): [string, { labels: readonly string[]; counts: boolean }][] =>
    of.type === 'histogram'
      ? [
          [`${name}_bucket`, { labels: ['le'], counts: true }],
          [`${name}_sum`, { labels, counts: true }],
          [`${name}_count`, { labels, counts: true }],
        ]
      : [[name, { labels, counts: of.type === 'counter' }]],
  ),
);

export interface Selector {
  readonly series: string;
  readonly matchers: readonly (readonly [label: string, value: string])[];
  /** Functions around it, the innermost first. */
  readonly inside: readonly string[];
}

interface Query {
  readonly errors: readonly string[];
  readonly selectors: readonly Selector[];
  readonly groupings: readonly string[];
}

/** Grafana's own variables stand for durations and regular expressions. */
const plain = (expr: string) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');

/** What a query asks for. */
export function read(expr: string): Query {
  const text = plain(expr);
  const found = { errors: [] as string[], selectors: [] as Selector[], groupings: [] as string[] };
  const functions: string[] = [];
  let open: { series: string; matchers: [string, string][] } | null = null;
  parser.parse(text).iterate({
    enter({ name, from, to, type, node }) {
      const own = text.slice(from, to);
      if (type.isError) found.errors.push(`at ${from}: ${own}`);
      else if (name === 'FunctionCall') functions.push(own.slice(0, own.indexOf('(')));
      else if (name === 'VectorSelector') open = { series: '', matchers: [] };
      else if (name === 'Identifier' && open) open.series = own;
      else if (name === 'UnquotedLabelMatcher' && open) {
        const [, label = '', value = ''] = /^(\w+)\s*[=!~]+\s*"(.*)"$/.exec(own) ?? [];
        open.matchers.push([label, value]);
      } else if (name === 'LabelName' && node.parent?.name === 'GroupingLabels') found.groupings.push(own);
    },
    leave({ name }) {
      if (name === 'FunctionCall') functions.pop();
      if (name !== 'VectorSelector' || !open) return;
      found.selectors.push({ ...open, inside: functions.toReversed() });
      open = null;
    },
  });
  return found;
}
