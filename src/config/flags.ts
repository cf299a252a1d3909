import type { Given } from './given.ts';
import { KEYS, settingOf } from './settings.ts';

/** Settings from command line flags, by flag name without dashes. Undefined is not given. */
export function fromFlags(flags: Readonly<Record<string, unknown>>): readonly Given[] {
  return KEYS.flatMap((key) => {
    const { flag } = settingOf(key);
    const raw = flag === undefined ? undefined : flags[flag];
    return raw === undefined ? [] : [{ key, raw, origin: { layer: 'flag' as const, text: `--${flag}` } }];
  });
}
