import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

/** One pair as hstore_out writes it: both sides always quoted, the value perhaps NULL. */
const PAIR = /"((?:[^"\\]|\\.)*)"=>(?:NULL|"((?:[^"\\]|\\.)*)")(, |$)/suy;

/**
 * An hstore as a JSON object of strings and nulls: `"a"=>"1", "n"=>NULL` → `{"a": "1", "n": null}`.
 * https://www.postgresql.org/docs/current/hstore.html#HSTORE-EXTERNAL-REP
 */
export function hstoreToJson(text: string): string {
  const pairs: string[] = [];
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const match = PAIR.exec(text);
    if (match?.[1] === undefined) throw new ValueProblem('MALFORMED', `is not an hstore: ${excerpt(text)}`);
    pairs.push(`${quote(match[1])}: ${match[2] === undefined ? 'null' : quote(match[2])}`);
  }
  return `{${pairs.join(', ')}}`;
}

const quote = (escaped: string): string => JSON.stringify(escaped.replace(/\\(.)/gsu, '$1'));
