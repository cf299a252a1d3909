import type { PgType } from '../../../model/relation.ts';
import { family } from '../../values/family.ts';
import type { Native } from './native.ts';
import type { ConnectSchema } from './schema.ts';

/** Debezium's `unavailable.value.placeholder`. */
export const UNAVAILABLE = '__debezium_unavailable_value';

export const UNAVAILABLE_BYTES = Buffer.from(UNAVAILABLE);

/** An hstore as JSON: the placeholder under itself. */
export const UNAVAILABLE_HSTORE = JSON.stringify({ [UNAVAILABLE]: UNAVAILABLE });

/** Of an array of numbers: the placeholder's bytes. */
const NUMBERS: readonly number[] = [...UNAVAILABLE_BYTES];

/** Version 3 of the placeholder's bytes, as java.util.UUID.nameUUIDFromBytes makes it. */
const UUID = 'b68a35a7-17ad-35b3-af2a-ae46edb4545a';

/**
 * What stands for an array that was not sent, null where nothing can. As Debezium has it for int[], bigint[], date[] and
 * uuid[]; of other elements it is an array of the one placeholder `item` that a single value has. Debezium has none for
 * the rest: it logs a warning and writes null, which is another value.
 * https://github.com/debezium/debezium: UnchangedToastedReplicationMessageColumn, UnchangedToastedPlaceholder
 */
export function unavailableItems(element: PgType, schema: ConnectSchema, item: Native): Native {
  const kind = family(element);
  if (kind === 'uuid') return [UUID];
  if (item !== null) return [item];
  return kind === 'int4' || kind === 'date' || (kind === 'int8' && schema.type === 'int64') ? NUMBERS : null;
}
