import { LineCounter, parseDocument } from 'yaml';
import { Pg2anyError } from '../model/error.ts';
import type { Layered } from './given.ts';
import { fromObject } from './object.ts';

/** Settings from a YAML file. Problems name the line. Throws CONFIG_INVALID where it is no YAML. */
export function fromConfigFile(path: string, text: string, expand: (value: unknown) => unknown): Layered {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const why = document.errors[0]?.message.split('\n')[0]?.replace(/:$/, '');
    throw new Pg2anyError('CONFIG_INVALID', `${path} is not valid YAML: ${why}`);
  }
  const at = (keys: readonly string[]): string => {
    const node = document.getIn(keys, true) as { readonly range?: readonly number[] } | undefined;
    const start = node?.range?.[0];
    const line = start === undefined || keys.length === 0 ? '' : `, line ${lines.linePos(start).line}`;
    return keys.length === 0 ? path : `${keys.join('.')} in ${path}${line}`;
  };
  return fromObject(document.toJS() ?? {}, { layer: 'config file', at, expand });
}
