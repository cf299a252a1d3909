import type { Variables } from './environment.ts';
import type { ReadFile } from './given.ts';

const PLACEHOLDER = /\$\{(?:(env|file):)?([^}]*)\}/g;

/** Replaces `${env:NAME}` and `${file:/path}` in texts, also inside lists and mappings. */
export function expander(variables: Variables, readFile: ReadFile): (value: unknown) => unknown {
  const one = (whole: string, kind: string | undefined, name: string): string => {
    if (kind === 'env') return variable(name, variables);
    if (kind === 'file') return file(name, readFile);
    throw new Error(`${whole} is not understood: write \${env:NAME} or \${file:/path}`);
  };
  const expand = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(PLACEHOLDER, one);
    if (Array.isArray(value)) return value.map(expand);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, expand(inner)]));
  };
  return expand;
}

function variable(name: string, variables: Variables): string {
  const value = variables[name];
  if (value === undefined) throw new Error(`\${env:${name}} names a variable that is not set`);
  return value;
}

function file(path: string, readFile: ReadFile): string {
  try {
    return readFile(path).replace(/\r?\n$/, '');
  } catch (error) {
    throw new Error(`\${file:${path}} cannot be read (${(error as Error).message})`);
  }
}
