import { cpus } from 'node:os';
import Table from 'cli-table3';
import { type Line, reached } from './ratio.ts';

const show = (value: number, unit: Line['unit']): string =>
  unit === 'ratio'
    ? value.toFixed(2)
    : unit === 's'
      ? `${value.toFixed(2)} s`
      : unit === 'ms'
        ? `${value.toFixed(1)} ms`
        : `${Math.round(value)} MB`;

/** The machine and the date, without which no figure means anything. */
export function machine(): string {
  const [first] = cpus();
  const now = new Date().toISOString().slice(0, 10);
  return `${cpus().length} × ${first?.model.trim() || 'CPU'}, Node ${process.versions.node}, ${process.platform}, ${now}`;
}

export function report(lines: readonly Line[]): string {
  const table = new Table({ head: ['what', 'measured', 'target', '', 'figures'], style: { head: [], border: [] } });
  for (const line of lines) {
    const target = `${line.atLeast ? '≥' : '≤'} ${show(line.target, line.unit)}`;
    table.push([line.what, show(line.value, line.unit), target, reached(line) ? '✔' : '✘', line.detail]);
  }
  return table.toString();
}
