import type { Finding } from '../model/finding.ts';
import { plural } from '../tui/format.ts';
import type { Style } from '../tui/theme.ts';
import { wrap } from './help.ts';

const PAINT = { ok: 'ok', warn: 'warn', block: 'error' } as const;

function lines(finding: Finding, style: Style, width: number): string[] {
  const tone = PAINT[finding.severity];
  const [first = '', ...rest] = wrap(finding.message, width - 4);
  const message = [`  ${style[tone](style.symbols[tone])} ${first}`, ...rest.map((line) => `    ${line}`)];
  return finding.severity === 'ok' || !finding.fix ? message : [...message, ...fixLines(finding.fix, style, width)];
}

function fixLines(fix: NonNullable<Finding['fix']>, style: Style, width: number): string[] {
  const words = fix.text === '' ? [] : wrap(fix.text, width - 11);
  const all = [...fix.sql.map((sql) => style.focus(sql)), ...words];
  return all.map((line, i) => `      ${i === 0 ? style.dim('fix ') : '    '} ${line}`);
}

/** Findings as people read them: the message, and under a problem its fix. Statements are never wrapped. */
export function formatFindings(findings: readonly Finding[], style: Style, terminalWidth: number): string {
  const width = Math.max(50, Math.min(terminalWidth, 110));
  return findings.flatMap((finding) => lines(finding, style, width)).join('\n');
}

/** `2 problems block, 1 warning, 12 fine`. */
export function summary(findings: readonly Finding[]): string {
  const number = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length;
  const [block, warn] = [number('block'), number('warn')];
  return [
    block > 0 ? `${plural(block, 'problem blocks', 'problems block')} replication` : 'Nothing blocks replication',
    plural(warn, 'warning'),
    `${number('ok')} fine`,
  ].join(', ');
}

export const blocks = (findings: readonly Finding[]): boolean => findings.some((one) => one.severity === 'block');
