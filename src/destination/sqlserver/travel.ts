import type { Row, Value } from '../../model/value.ts';
import { UNCHANGED } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { unrepresentable } from '../refusal.ts';
import { COLLATION, type Coding, type Travel } from './coding.ts';
import type { Parameter } from './connection.ts';

/** What the driver makes of each kind, and the type of its column in a staging table. */
interface Kind {
  readonly type: Parameter['type'];
  stage(coding: Coding): string;
  /** Encoded text as the driver takes it. */
  value(encoded: string): unknown;
}

const fixed = (type: Parameter['type'], sql: string, value: (encoded: string) => unknown): Kind => ({
  type,
  stage: () => sql,
  value,
});

const sized = (name: string, { length }: Coding): string => `${name}(${length ?? 'max'})`;

/**
 * The driver's own decimals go through floating point, its dates through the process's time zone, and any text is a
 * true bit to it: only what it sends exactly has a type of its own, the rest is text that the server converts.
 */
const KINDS: Readonly<Record<Travel, Kind>> = {
  int: fixed('Int', 'int', Number),
  bigint: fixed('BigInt', 'bigint', BigInt),
  bit: fixed('Bit', 'bit', (encoded) => encoded === '1'),
  float: fixed('Float', 'float', Number),
  guid: fixed('UniqueIdentifier', 'uniqueidentifier', (encoded) => encoded),
  bytes: {
    type: 'VarBinary',
    stage: (coding) => sized('varbinary', coding),
    value: (encoded) => Buffer.from(encoded, 'hex'),
  },
  text: {
    type: 'NVarChar',
    stage: (coding) => `${sized('nvarchar', coding)} COLLATE ${COLLATION}`,
    value: (encoded) => encoded,
  },
};

/** The type of the column in a staging table. */
export const stageType = (coding: Coding): string => KINDS[coding.travel].stage(coding);

export const driverType = (coding: Coding): Parameter['type'] => KINDS[coding.travel].type;

/** Given to the driver, so that values of different lengths make one statement; none where the type has none. */
export function driverLength({ travel, length }: Coding): number | undefined {
  if (travel !== 'text' && travel !== 'bytes') return undefined;
  return length ?? Number.POSITIVE_INFINITY;
}

/** One value for the driver; `key` serves the message only. Throws VALUE_UNREPRESENTABLE. */
export function travelling(target: Target, column: number, value: Value | undefined, key: () => Row): unknown {
  if (value === null || value === undefined || value === UNCHANGED) return null;
  const coding = target.codecs[column] as Coding;
  try {
    return KINDS[coding.travel].value(coding.encode(value));
  } catch (error) {
    throw unrepresentable(target, column, key(), error);
  }
}

/** The same as a parameter. */
export function parameter(target: Target, column: number, value: Value | undefined, key: () => Row): Parameter {
  const coding = target.codecs[column] as Coding;
  const length = driverLength(coding);
  const sent = travelling(target, column, value, key);
  return { type: driverType(coding), value: sent, ...(length === undefined ? {} : { length }) };
}
