import { defaultName } from '../config/default-name.ts';
import { parseUrl } from '../config/url.ts';
import type { Answers } from './answers.ts';

/** Slot and publication as they will be called. */
export function namesOf({ source, slot, publication }: Pick<Answers, 'source' | 'slot' | 'publication'>) {
  const parts = parseUrl(source);
  const database = 'problem' in parts ? null : (parts.query.get('dbname') ?? parts.path);
  const usual = defaultName(database ?? '');
  return { slot: slot || usual, publication: publication || usual };
}

/** Why PostgreSQL or the configuration would refuse these names; null where they will do. */
export const slotProblem = (name: string): string | null =>
  /^[a-z0-9_]{1,63}$/.test(name) ? null : 'may have at most 63 lower-case letters, digits and underscores';
export const publicationProblem = (name: string): string | null =>
  name.length > 0 && name.length <= 63 ? null : 'may have 1 to 63 characters';
