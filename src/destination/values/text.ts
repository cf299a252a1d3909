import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

/** Characters as databases count them: a surrogate pair is one. */
export function characters(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00 && at + 1 < text.length) {
      count--;
      at++;
    }
  }
  return count;
}

/** Whether the text has at most `limit` characters, counting only where counting matters. */
export const fitsCharacters = (text: string, limit: number): boolean =>
  text.length <= limit || (text.length <= limit * 2 && characters(text) <= limit);

/** Throws TEXT_TOO_LONG, or `problem`, beyond `limit` characters. */
export function limitCharacters(text: string, limit: number, problem: 'TEXT_TOO_LONG' | 'TEXT_KEY_TOO_LONG'): string {
  if (fitsCharacters(text, limit)) return text;
  throw new ValueProblem(problem, `is longer than ${limit} characters: ${excerpt(text)}`);
}
