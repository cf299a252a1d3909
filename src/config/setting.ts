import type { Kind } from './kinds.ts';

export interface Setting<Out = unknown, In = unknown> {
  readonly kind: Kind<Out, In>;
  /** Environment variables; the first is the name, the others are aliases. */
  readonly env: readonly string[];
  /** Command line flag without dashes, where there is one. */
  readonly flag?: string;
  /** The default, as one would write it; null where there is none. */
  readonly fallback: string | null;
  /** The default in words, where it is not a fixed value. */
  readonly fallbackText?: string;
  /** Never printed; `*_FILE` variables are accepted. */
  readonly secret?: boolean;
  readonly doc: string;
}

export const setting = <Out, In>(one: Setting<Out, In>): Setting<Out, In> => one;
