import type { Column, Relation } from '../../../model/relation.ts';
import type { Row } from '../../../model/value.ts';
import { describeRow, keyOf } from '../../refusal.ts';
import { byteaHex, hexBytes } from '../../values/scalar.ts';
import { type CodingOptions, codingOf } from '../encoding/fields.ts';
import { isJson, jsonMembers } from '../encoding/json-members.ts';
import type { Bytes } from '../encoding/writing.ts';

/** One column of an outbox row, or one member of a message. */
export interface OutboxCell {
  /** As it is sent alone; null for NULL. */
  readonly bytes: Bytes | null;
  /** For headers, keys and topics. */
  readonly text: string | null;
  /** Within an envelope; `expand`: JSON is nested. */
  json(expand: boolean): string;
  /** What stands for NULL where there is no tombstone. */
  readonly nothing: string;
}

/** What an application wrote into its outbox, as a row or as a message. */
export interface Entry {
  /** For people. */
  readonly where: string;
  /** Undefined where there is no such column. */
  cell(name: string): OutboxCell | undefined;
}

const isJsonColumn = ({ type }: Column): boolean => type.name === 'json' || type.name === 'jsonb';

function cellOf(column: Column, text: string | null, options: CodingOptions): OutboxCell {
  const nothing = isJsonColumn(column) ? 'null' : '';
  if (text === null) return { bytes: null, text, json: () => 'null', nothing };
  const bytes = column.type.name === 'bytea' ? hexBytes(byteaHex(text)) : text;
  const json = (expand: boolean): string =>
    expand && isJson(text) && (isJsonColumn(column) || /^\s*[[{]/.test(text))
      ? text
      : codingOf(column.type, options).encode(text);
  return { bytes, text, json, nothing };
}

/** Reads rows of an outbox table. Nothing of them can be unchanged: only inserts are entries. */
export function rowEntries(relation: Relation, options: CodingOptions): (row: Row) => Entry {
  const places = new Map(relation.columns.map((column, index) => [column.name, [column, index] as const]));
  return (row) => ({
    get where() {
      return describeRow(relation, keyOf(relation, row));
    },
    cell(name) {
      const [column, index] = places.get(name) ?? [];
      if (!column || index === undefined) return undefined;
      const value = row[index];
      return cellOf(column, typeof value === 'string' ? value : null, options);
    },
  });
}

/** The content of a logical message; null where it is not a JSON object. */
export function messageEntry(prefix: string, content: string): Entry | null {
  const members = jsonMembers(content);
  if (!members) return null;
  return {
    where: `message ${prefix}`,
    cell(name) {
      const json = members.get(name);
      if (json === undefined) return undefined;
      const text = json === 'null' ? null : json.startsWith('"') ? (JSON.parse(json) as string) : json;
      const nested = (expand: boolean): string => (expand && text !== null && isNested(text) ? text : json);
      return { bytes: text, text, json: nested, nothing: 'null' };
    },
  };
}

const isNested = (text: string): boolean => /^\s*[[{]/.test(text) && isJson(text);
