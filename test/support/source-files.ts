import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface SourceFile {
  /** From src/: `source/slot.ts`. */
  readonly path: string;
  readonly lines: readonly string[];
  /** Imported files, from src/ as well. */
  readonly imports: readonly string[];
  /** Imported packages and `node:` modules. */
  readonly packages: readonly string[];
}

const IMPORT = /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

export function sourceFiles(root = 'src'): SourceFile[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
  return paths.sort().map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const all = [...text.matchAll(IMPORT)].map((found) => found[1] ?? found[2] ?? '');
    const local = all.filter((name) => name.startsWith('.'));
    return {
      path,
      lines: text.trimEnd().split('\n'),
      imports: local.map((name) => normalize(join(dirname(path), name))),
      packages: all.filter((name) => !name.startsWith('.')).map(packageOf),
    };
  });
}

function packageOf(name: string): string {
  if (name.startsWith('node:')) return name;
  const [first = '', second = ''] = name.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

export interface FunctionSpan {
  readonly at: string;
  readonly lines: number;
}

const OPENS = /(=>|\)(: .+)?) \{$/;
const CONTROL = /^(\} )?(if|else|for|while|switch|catch|do)\b/;

/**
 * Functions of more than one line. It leans on the formatter, which ends a function with a `}` at the indentation of
 * its first line.
 */
export function functionsOf({ path, lines }: SourceFile): FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  lines.forEach((line, index) => {
    const text = line.trimStart();
    if (!OPENS.test(line) || CONTROL.test(text)) return;
    const same = (other: string | undefined) => other !== undefined && indent(other) === indent(line) && other !== '';
    let first = index;
    // A signature over several lines ends with `): T {`.
    if (text.startsWith(')'))
      do first--;
      while (first > 0 && !same(lines[first]));
    const length = lines.slice(index + 1).findIndex((other) => same(other) && other.trimStart().startsWith('}'));
    if (length >= 0) spans.push({ at: `${path}:${first + 1}`, lines: index + 1 + length + 1 - first });
  });
  return spans;
}

const indent = (line: string): number => line.length - line.trimStart().length;

/** The first circle found, as the files on it. */
export function findCycle(files: readonly SourceFile[]): string[] | null {
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const next of imports.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const { path } of files) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return null;
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
