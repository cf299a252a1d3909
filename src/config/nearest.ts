import { nearest } from '../model/nearest.ts';

/** `; did you mean CDC_BATCH_SIZE?`, or nothing. */
export function suggestion(text: string, candidates: readonly string[]): string {
  const best = nearest(text, candidates);
  return best ? `; did you mean ${best}?` : '';
}
