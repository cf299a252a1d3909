import { describe, expect, it } from 'vitest';
import { findCycle, functionsOf, median, type SourceFile, sourceFiles } from './support/source-files.ts';

/** What an engine sees of the destination room. */
const CONTRACT = [
  'destination/contract.ts',
  'destination/problem.ts',
  'destination/refusal.ts',
  'destination/exclusive.ts',
  'destination/hashed.ts',
];

/** Each may import those before it. */
const KAFKA = ['destination/kafka/encoding', 'destination/kafka/transport', 'destination/kafka/events'];

/**
 * The rooms of docs/architecture.md and what each may import, beside itself: rooms, or single files.
 * `.` stands for the files directly in src/.
 */
const MAY_IMPORT: Record<string, readonly string[] | 'everything'> = {
  model: [],
  pgoutput: ['model'],
  transform: ['model'],
  source: ['model', 'pgoutput'],
  destination: ['model', 'destination/values', 'destination/changes', 'destination/ledger', 'destination/tables'],
  'destination/changes': ['model', ...CONTRACT],
  'destination/ledger': ['model', 'destination/values', 'destination/changes', ...CONTRACT],
  'destination/tables': ['model', 'destination/values', 'destination/changes', 'destination/ledger', ...CONTRACT],
  'destination/values': ['model', 'destination/problem.ts'],
  'destination/mysql': ['model', 'destination/values', ...CONTRACT],
  'destination/sqlserver': ['model', 'destination/values', ...CONTRACT],
  'destination/sqlite': ['model', 'destination/values', ...CONTRACT],
  'destination/kafka': ['model', 'destination/values', ...KAFKA, 'destination/kafka/registry', ...CONTRACT],
  'destination/kafka/encoding': ['model', 'destination/values', 'destination/kafka/options.ts', ...CONTRACT],
  'destination/kafka/transport': ['model', 'destination/kafka/encoding', ...CONTRACT],
  'destination/kafka/events': ['model', 'destination/values', 'destination/kafka/options.ts', ...KAFKA, ...CONTRACT],
  'destination/kafka/registry': ['model', 'destination/values', 'destination/kafka/options.ts', ...KAFKA, ...CONTRACT],
  pipeline: ['model', 'transform', 'status/counters.ts'],
  preflight: ['model'],
  config: ['model', 'destination/registry.ts'],
  status: ['model'],
  attach: ['model', 'status'],
  serve: ['model', 'status'],
  logs: ['model'],
  verify: ['model'],
  demo: ['model'],
  setup: ['model', 'config', 'destination/registry.ts'],
  tui: ['model', 'status', 'setup'],
  cli: 'everything',
  '.': 'everything',
};

/** One file may look into the engines: the registry. */
const ENGINES_FROM = 'destination/registry.ts';

/** Who may talk to whom over the network or the disk. Pure rooms import no package at all; a Buffer does no I/O. */
const PACKAGES: Record<string, readonly string[]> = {
  pg: ['source', 'demo'],
  'pg-logical-replication': ['source'],
  'pg-copy-streams': ['source'],
  mysql2: ['destination/mysql'],
  tedious: ['destination/sqlserver'],
  libsql: ['destination/sqlite'],
  '@opentelemetry/api': ['pipeline'],
  'prom-client': ['serve'],
  pino: ['logs'],
  kafkajs: ['destination/kafka', 'destination/kafka/transport'],
  avsc: ['destination/kafka/registry'],
  ink: ['tui'],
  react: ['tui'],
};
const PURE = [
  ...['model', 'pgoutput', 'transform', 'destination/values', 'destination/changes'],
  'destination/kafka/encoding',
];

const FORBIDDEN = /^(manager|handler|service|processor|utils?|helpers?|common)$/i;

const files = sourceFiles();
const roomOf = (path: string): string => {
  const folders = path.split('/').slice(0, -1);
  const nested = folders.map((_, i) => folders.slice(0, i + 1).join('/'));
  return nested.findLast((folder) => folder in MAY_IMPORT) ?? folders[0] ?? '.';
};

function forbiddenImports(file: SourceFile): string[] {
  const room = roomOf(file.path);
  const allowed = MAY_IMPORT[room] ?? [];
  if (allowed === 'everything') return [];
  const forbidden = file.imports.filter((path) => {
    const target = roomOf(path);
    if (target === room || allowed.includes(target) || allowed.includes(path)) return false;
    return !(file.path === ENGINES_FROM && target.startsWith('destination/'));
  });
  return forbidden.map((path) => `${file.path} imports ${path}`);
}

function misplacedPackages(file: SourceFile): string[] {
  const room = roomOf(file.path);
  const pure = PURE.includes(room);
  const misplaced = file.packages.filter((name) => {
    const rooms = PACKAGES[name];
    return pure ? name !== 'node:buffer' : rooms && !rooms.includes(room);
  });
  return misplaced.map((name) => `${file.path} imports ${name}`);
}

describe('the house', () => {
  it('knows every room', () => {
    expect(files.map((file) => roomOf(file.path)).filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  it('lets a room import only what the table says', () => {
    expect(files.flatMap(forbiddenImports)).toEqual([]);
  });

  it('leaves every driver to the room it belongs to, and the pure rooms without any', () => {
    expect(files.flatMap(misplacedPackages)).toEqual([]);
  });

  it('imports nothing in a circle', () => {
    expect(findCycle(files)).toBeNull();
  });

  it('keeps files short: median at most 80 lines, none above 300', () => {
    expect(files.filter((file) => file.lines.length > 300).map((file) => file.path)).toEqual([]);
    expect(median(files.map((file) => file.lines.length))).toBeLessThanOrEqual(80);
  });

  it('keeps functions short: median at most 10 lines, none above 60', () => {
    const functions = files.flatMap(functionsOf);
    expect(functions.filter((one) => one.lines > 60)).toEqual([]);
    expect(median(functions.map((one) => one.lines))).toBeLessThanOrEqual(10);
  });

  it('has no any', () => {
    const any = /(:|<|\bas|\|) ?any\b(?! [a-z])/;
    const code = files.flatMap(({ path, lines }) =>
      lines.map((line) => `${path}: ${line.replace(/\/\/.*|^\s*\*.*|'[^']*'/g, '')}`),
    );
    expect(code.filter((line) => any.test(line))).toEqual([]);
  });

  it('names no file and no export after a manager, a helper or their kin', () => {
    const names = files.flatMap(({ path, lines }) => [
      ...path.replace(/\.ts$/, '').split(/[/-]/),
      ...lines.flatMap((line) =>
        words(/^export (?:async )?(?:function\*?|class|const|type|interface) (\w+)/.exec(line)?.[1]),
      ),
    ]);
    expect(names.filter((name) => FORBIDDEN.test(name))).toEqual([]);
  });
});

/** `SlotManager` → Slot, Manager. */
function words(name = ''): string[] {
  return name.split(/(?<=[a-z0-9])(?=[A-Z])|_/);
}
