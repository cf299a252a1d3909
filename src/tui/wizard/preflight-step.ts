import type { Finding } from '../../model/finding.ts';
import { CONFIRM_KEYS } from '../components/confirm.ts';
import { plural } from '../format.ts';
import type { Binding } from '../keymap.ts';
import type { Style } from '../theme.ts';
import { plain } from '../width.ts';
import { cut, failureLines, titled } from './lines.ts';
import { aboutAll, forward } from './navigation.ts';
import type { Fixing } from './ports.ts';
import { failureOf, isAsking, known, type WizardState } from './state.ts';
import { MOVE, NEXT, type Room, type Step } from './steps.ts';
import { ask, only, type Update } from './update.ts';

const RANK = { block: 0, warn: 1, ok: 2 } as const;

const found = (state: WizardState): readonly Finding[] => known(state, 'preflight') ?? [];

/** What is not fine, the worst first. */
export const problemsOf = (state: WizardState): readonly Finding[] =>
  found(state)
    .filter(({ severity }) => severity !== 'ok')
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);

const selected = (state: WizardState): Finding | undefined => problemsOf(state)[state.at];

/** Statements that can be run from here. */
const fixOf = (state: WizardState): Fixing | null => {
  const fix = selected(state)?.fix;
  return fix && fix.side !== 'config' && fix.sql.length > 0 ? { side: fix.side, sql: fix.sql } : null;
};

const look = (update: Update): Update => ask(update, 'preflight', aboutAll(update.state), '', true);

/** Without the table that the selected finding is about. */
function leaveOut(state: WizardState): Update {
  const table = selected(state)?.table;
  const all = known(state, 'tables') ?? [];
  const plainName = (name: string): string =>
    name.replaceAll(/"((?:[^"]|"")*)"/g, (_, inner: string) => inner.replaceAll('""', '"'));
  const chosen = all.map(({ name }) => name).filter((name) => state.chosen?.has(name) && plainName(name) !== table);
  if (table === undefined) return only({ ...state, notice: 'This is not about one table.' });
  if (chosen.length === 0) return only({ ...state, notice: 'It is the only table: there would be nothing to copy.' });
  const answers = { ...state.answers, tables: chosen };
  const notice = `${table} is left out.`;
  return look(only({ ...state, answers, chosen: new Set(chosen), at: 0, notice }, { type: 'keep' }));
}

function keys(state: WizardState): readonly Binding<string>[] {
  if (state.confirming === 'fix') return CONFIRM_KEYS;
  const problem = selected(state);
  return [
    ...MOVE,
    ...(fixOf(state)
      ? [
          {
            command: 'fix',
            keys: ['f'],
            short: 'run the fix',
            doc: 'Show the statement once more, then run it',
            keep: true,
          },
        ]
      : []),
    ...(problem?.table
      ? [{ command: 'leave', keys: ['x'], short: 'leave table out', doc: 'Replicate without it' }]
      : []),
    { command: 'again', keys: ['r'], short: 'check again', doc: 'Look at both servers again' },
    NEXT,
  ];
}

function command(state: WizardState, name: string): Update {
  const count = problemsOf(state).length;
  switch (name) {
    case 'up':
      return only({ ...state, at: Math.max(0, state.at - 1), notice: null });
    case 'down':
      return only({ ...state, at: Math.max(0, Math.min(count - 1, state.at + 1)), notice: null });
    case 'fix':
      return only({ ...state, confirming: 'fix', notice: null });
    case 'yes':
      return ask(only({ ...state, confirming: null }), 'fix', aboutAll(state), JSON.stringify(fixOf(state)), true);
    case 'no':
      return only({ ...state, confirming: null, notice: 'Nothing was run.' });
    case 'leave':
      return leaveOut(state);
    case 'again':
      return look(only({ ...state, notice: null }));
    default:
      return next(state);
  }
}

/** Some things are mended by somebody else, later: the files can be written all the same. */
const BLOCKED = 'Replication will not start before every ✘ is mended. Enter once more goes on all the same.';

function next(state: WizardState): Update {
  if (!known(state, 'preflight')) return only({ ...state, notice: 'Wait for the checks, or r to check again.' });
  const blocking = problemsOf(state).filter(({ severity }) => severity === 'block').length;
  if (blocking > 0 && state.notice !== BLOCKED) return only({ ...state, notice: BLOCKED });
  return only(forward(state));
}

function learned(state: WizardState, question: string): Update {
  if (question === 'preflight')
    return only({ ...state, at: Math.min(state.at, Math.max(0, problemsOf(state).length - 1)) });
  if (question !== 'fix') return only(state);
  const failure = failureOf(state, 'fix');
  if (failure) return only({ ...state, notice: null });
  return look(only({ ...state, touched: true, notice: 'The fix was run; checked again.' }));
}

function problemLines(state: WizardState, finding: Finding, at: number, style: Style, columns: number): string[] {
  const tone = finding.severity === 'block' ? 'error' : 'warn';
  const here = at === state.at;
  const [first = '', ...rest] = titled(plain(finding.message), columns - 4);
  const pointer = here ? style.focus(style.symbols.pointer) : ' ';
  const head = [`${pointer} ${style[tone](style.symbols[tone])} ${first}`, ...rest.map((line) => `    ${line}`)];
  if (!here || !finding.fix) return head;
  // Long statements are broken, never cut: somebody else may have to type them.
  const statements = finding.fix.sql.flatMap((line) =>
    titled(line, columns - 11).map((one, i) => (i > 0 ? `  ${one}` : one)),
  );
  const sql = statements.map((line, i) => `    ${style.dim(i === 0 ? 'fix ' : '    ')} ${style.focus(line)}`);
  const words = titled(plain(finding.fix.text), columns - 9).map((line) => `         ${line}`);
  return [...head, ...sql, ...(finding.fix.text ? words : [])];
}

function confirmLines(state: WizardState, style: Style, columns: number): readonly string[] {
  const fix = fixOf(state);
  return [
    style.warn(`${style.symbols.warn} Run this at the ${fix?.side} now?`),
    '',
    ...(fix?.sql ?? []).flatMap((sql) =>
      titled(sql, columns - 4).map((line, i) => style.focus(i > 0 ? `    ${line}` : `  ${line}`)),
    ),
    '',
    `${style.focus('y')} run it   ${style.focus('n')} leave it`,
  ];
}

/** Fine checks in as few lines as they take: most of the time they are not worth a line each. */
function fineLines(state: WizardState, style: Style, columns: number): readonly string[] {
  const fine = found(state).filter(({ severity }) => severity === 'ok');
  if (fine.length === 0) return [];
  const checks = [...new Set(fine.map(({ check }) => check.replaceAll('_', ' ')))].join(', ');
  const [first = '', ...rest] = titled(`${fine.length} fine: ${checks}`, columns - 4);
  return [`  ${style.ok(style.symbols.ok)} ${style.dim(first)}`, ...rest.map((line) => style.dim(`    ${line}`))];
}

function lines(state: WizardState, style: Style, { columns, rows }: Room): readonly string[] {
  if (state.confirming === 'fix') return confirmLines(state, style, columns);
  const failure = failureOf(state, 'preflight') ?? failureOf(state, 'fix');
  const looking = isAsking(state, 'preflight') || isAsking(state, 'fix');
  const blocks = problemsOf(state).map((one, at) => problemLines(state, one, at, style, columns));
  const before = blocks.slice(0, state.at).flat().length;
  const all = [...blocks.flat(), ...fineLines(state, style, columns)];
  const doing = isAsking(state, 'fix') ? 'running the fix' : 'looking at both servers';
  const head = [
    ...(looking ? [style.focus(`${style.symbols.info} ${doing}${style.symbols.dot}`)] : []),
    ...(failure ? failureLines(failure, style, columns) : []),
    ...(!looking && blocks.length === 0 && known(state, 'preflight')
      ? [style.ok(`${style.symbols.ok} Nothing stands in the way.`)]
      : []),
  ];
  if (looking && known(state, 'preflight') === null) return head;
  return [...head, ...cut(all, Math.max(0, before - 2), rows - head.length, style)];
}

/** `1 problem, 2 warnings`. */
function counted(state: WizardState): string {
  if (!known(state, 'preflight')) return '';
  const number = (severity: Finding['severity']) => found(state).filter((one) => one.severity === severity).length;
  const [block, warn] = [number('block'), number('warn')];
  return [
    ...(block > 0 ? [plural(block, 'problem')] : []),
    ...(warn > 0 ? [plural(warn, 'warning')] : []),
    `${number('ok')} of ${found(state).length} fine`,
  ].join(' · ');
}

export const preflightStep: Step = {
  title: 'Preflight',
  about: counted,
  enter: (state) => ask(only(state), 'preflight', aboutAll(state)),
  keys,
  command,
  learned,
  lines,
  answer: (state) => [counted(state), ''],
};
