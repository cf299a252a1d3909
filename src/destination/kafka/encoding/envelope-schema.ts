import { type ConnectSchema, field, plain, struct } from './schema.ts';
import { SOURCE_SCHEMA } from './source-block.ts';

/** Of the transaction that an event belongs to. */
export const TRANSACTION: ConnectSchema = {
  ...struct(
    [
      field('id', plain('string')),
      field('total_order', plain('int64')),
      field('data_collection_order', plain('int64')),
    ],
    'event.block',
    true,
  ),
  version: 1,
};

/** What every event of a table looks like. `name` is that of the table's schemas, without their last part. */
export function envelopeSchema(columns: readonly ConnectSchema[], name: string): ConnectSchema {
  const row = struct(columns, `${name}.Value`, true);
  return {
    ...struct(
      [
        field('before', row),
        field('after', row),
        field('source', SOURCE_SCHEMA),
        field('transaction', TRANSACTION),
        field('op', plain('string')),
        ...['ts_ms', 'ts_us', 'ts_ns'].map((one) => field(one, plain('int64'), true)),
      ],
      `${name}.Envelope`,
    ),
    version: 2,
  };
}
