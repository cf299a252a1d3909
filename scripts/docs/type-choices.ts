import type { ColumnCodec, Dialect } from '../../src/destination/contract.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { columnKey, DEFAULT_RULES, TYPE_CHOICES, type TypeOption, type ValueRules } from '../../src/model/mapping.ts';
import type { PgType, Relation } from '../../src/model/relation.ts';
import { SAMPLES } from './type-samples.ts';

/** A type that each option is about. */
const ABOUT: Readonly<Record<TypeOption, PgType | undefined>> = {
  numericUnbounded: SAMPLES.numeric.at(-1)?.type,
  json: SAMPLES.jsonb[0]?.type,
  enum: SAMPLES.enum[0]?.type,
  arrays: SAMPLES.array[0]?.type,
  composite: SAMPLES.composite[0]?.type,
  timestamptz: SAMPLES.timestamptz[0]?.type,
  uuid: SAMPLES.uuid[0]?.type,
  geometry: SAMPLES.geometry[0]?.type,
  keysText: SAMPLES.text[0]?.type,
};

export type Rule = (rules: ValueRules) => Dialect;

function chosen(dialect: Rule, option: TypeOption, choice: string, type: PgType): ColumnCodec | null {
  const relation: Relation = {
    oid: 0,
    schema: 'public',
    name: 'sample',
    target: { schema: null, name: 'sample' },
    replicaIdentity: 'default',
    columns: [{ name: 'value', type, notNull: false, attnum: 1 }],
    identity: option === 'keysText' ? 'key' : 'none',
    key: option === 'keysText' ? [0] : [],
  };
  const columns = new Map([[columnKey(relation, 'value'), { [option]: choice }]]);
  try {
    return dialect({ ...DEFAULT_RULES, columns }).codecs(relation)[0] ?? null;
  } catch (error) {
    if (error instanceof Pg2anyError && error.code === 'CONFIG_INVALID') return null;
    throw error;
  }
}

function cell(codec: ColumnCodec | null): string {
  if (codec === null) return 'not possible';
  const named = ({ ddl }: ColumnCodec): string => `\`${ddl.replace(/ CHARACTER SET ascii| COLLATE \w+/g, '')}\``;
  const wider = codec.wider ? `, or ${named(codec.wider)} where values need it` : '';
  const note = codec.note === null ? '' : `; ${codec.note}`;
  const refused = codec.problems.length === 0 ? '' : `; refuses ${codec.problems.join(', ')}`;
  const lossy = codec.lossy === null ? '' : `; **lossy: ${codec.lossy}**`;
  return `${named(codec)}${wider}${note}${refused}${lossy}`;
}

/** What every option of `types` does to a column, the default of each first. */
export function choicesTable(engines: readonly { readonly title: string; readonly withRules: Rule }[]): string {
  const options = Object.keys(TYPE_CHOICES) as TypeOption[];
  const lines = options.flatMap((option) => {
    const type = ABOUT[option];
    if (!type) throw new Error(`no sample for types.${option}`);
    const choices: readonly string[] = TYPE_CHOICES[option];
    return choices.map((choice) => {
      const cells = engines.map(({ withRules }) => cell(chosen(withRules, option, choice, type)));
      return `| \`${option}: ${choice}\` | ${cells.join(' | ')} |`;
    });
  });
  const head = `| option | ${engines.map(({ title }) => title).join(' | ')} |\n|---|${'---|'.repeat(engines.length)}`;
  return `${head}\n${lines.join('\n')}`;
}
