import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OWN_LABELS, OWN_SERIES, RULES, type Rule, read, SERIES } from './promql.ts';

interface Expected {
  readonly exp_labels: Readonly<Record<string, string>>;
  readonly exp_annotations: Readonly<Record<string, string>>;
}
interface Group {
  readonly input_series: readonly { readonly series: string }[];
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly eval_time: string;
    readonly exp_alerts: readonly Expected[];
  }[];
}

const GROUPS: Group[] = parse(readFileSync(new URL('alerts.promtool.yaml', import.meta.url), 'utf8')).tests;
const ruleOf = (name: string): Rule | undefined => RULES.find(({ alert }) => alert === name);
const minutes = (text = '0m') => Number(/^(\d+)m$/.exec(text)?.[1]);

/** A template of Prometheus as the text that it may become. */
const becomes = (template: string): RegExp => {
  const parts = template.split(/\{\{[^}]*\}\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
};

const CASES = GROUPS.flatMap(({ input_series, alert_rule_test }) =>
  alert_rule_test.map((one) => ({ ...one, inputs: input_series.map(({ series }) => read(series).selectors[0]) })),
);
const FIRING = CASES.filter(({ exp_alerts }) => exp_alerts.length > 0);

/** What `promtool test rules` is given, as far as it can be checked without promtool, which computes the rest. */
describe('the cases for promtool', () => {
  it('let every alert fire, and no other', () => {
    expect([...new Set(FIRING.map(({ alertname }) => alertname))].sort()).toEqual(
      RULES.map(({ alert }) => alert).sort(),
    );
    expect(CASES.filter(({ alertname }) => !ruleOf(alertname))).toEqual([]);
  });

  it('give series that exist, with labels that they have', () => {
    for (const input of CASES.flatMap(({ inputs }) => inputs)) {
      const { series = '', matchers = [] } = input ?? {};
      const own = OWN_SERIES.includes(series) ? [] : SERIES.get(series)?.labels;
      expect(own, series).toBeDefined();
      expect([...(own ?? []), ...OWN_LABELS], series).toEqual(expect.arrayContaining(matchers.map(([label]) => label)));
    }
  });

  it.each(FIRING.map((one) => [one.alertname, one.eval_time, one] as const))(
    '%s at %s: its series are given, it has waited for long enough, and says what the rule says',
    (name, at, { inputs, exp_alerts }) => {
      const rule = ruleOf(name) as Rule;
      const given = inputs.map((input) => input?.series);
      const [first] = read(rule.expr).selectors;
      expect(given).toContain(first?.series);
      expect(minutes(at)).toBeGreaterThanOrEqual(minutes(rule.for));
      for (const { exp_labels, exp_annotations } of exp_alerts) {
        expect(exp_labels).toMatchObject(rule.labels);
        expect(Object.keys(exp_annotations).sort()).toEqual(Object.keys(rule.annotations).sort());
        for (const [key, text] of Object.entries(exp_annotations))
          expect(text, key).toMatch(becomes(rule.annotations[key] ?? ''));
      }
    },
  );
});
