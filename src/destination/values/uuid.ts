import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The 32 hexadecimal digits of a uuid. */
export function uuidHex(text: string): string {
  if (UUID.test(text)) return text.replaceAll('-', '');
  throw new ValueProblem('MALFORMED', `is not a uuid: ${excerpt(text)}`);
}
