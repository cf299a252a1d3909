import type { Key } from './settings.ts';

/** Where values come from, weakest first. */
export const LAYERS = ['default', 'config file', 'env file', 'environment', 'flag'] as const;
export type Layer = (typeof LAYERS)[number];

/** Where one value came from. `text` is for people: `CDC_BATCH_SIZE in the environment`. */
export interface Origin {
  readonly layer: Layer;
  readonly text: string;
}

export interface Given {
  readonly key: Key;
  readonly raw: unknown;
  readonly origin: Origin;
  /** Why the value may not be what its author wrote; told when it does not fit. */
  readonly doubt?: string;
}

/** What one layer gives, with what is wrong in it, as whole sentences without values of secrets. */
export interface Layered {
  readonly given: readonly Given[];
  readonly problems: readonly string[];
}

/** Reads a file as text, or throws with a reason that can be shown. */
export type ReadFile = (path: string) => string;

export const rank = (origin: Origin): number => LAYERS.indexOf(origin.layer);
