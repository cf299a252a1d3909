import { type Given, rank } from './given.ts';
import type { Key } from './settings.ts';

/** A checked value with where it came from. */
export interface Resolved<T = unknown> {
  readonly value: T;
  readonly given: Given;
}

export type ResolvedMap = ReadonlyMap<Key, Resolved>;

/**
 * A piece that both a URL and a setting of its own may give. The stronger layer wins; within one layer a setting
 * completes the URL, and one that contradicts it is a problem.
 */
export function pick<T>(
  fromUrl: T | null,
  url: Resolved | undefined,
  own: Resolved<T> | undefined,
  problems: string[],
): T | null {
  if (!own) return fromUrl;
  if (fromUrl === null || !url || own.value === fromUrl) return own.value;
  const stronger = rank(own.given.origin) - rank(url.given.origin);
  if (stronger === 0) problems.push(`${own.given.origin.text} contradicts ${url.given.origin.text}; keep one of them`);
  return stronger < 0 ? fromUrl : own.value;
}

/** `what` with the doubt about its line, if there is one. */
export function problemOf(given: Given, what: string): string {
  return `${given.origin.text} ${what}${given.doubt ? ` (${given.doubt})` : ''}`;
}
