import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { drivers } from '../../../../src/destination/registry.ts';
import type { Finding } from '../../../../src/model/finding.ts';
import { DEFAULT_KAFKA, type KafkaSettings } from '../../../../src/model/kafka.ts';
import { startApicurio } from '../../../support/apicurio.ts';
import { postgresText } from '../../../support/connect-values.ts';
import { startKafka } from '../../../support/kafka.ts';
import { type Read, readCommitted } from '../../../support/kafka-reader.ts';
import { catchUp, type Setup, startPipeline } from '../../../support/pipeline.ts';
import { type Decoded, RegisteredReader } from '../../../support/registered-events.ts';
import { RegistryStub } from '../../../support/registry-stub.ts';
import { relation } from '../../../support/relations.ts';
import { describeWith, freshDatabase, postgres } from '../../../support/services.ts';
import { pgRows } from '../../../support/sql.ts';
import { until } from '../../../support/wait.ts';

/** Type, and two values: the least and the most, or what is hard to write. */
const TYPES: readonly (readonly [type: string, low: string, high: string])[] = [
  ['bool', 'true', 'false'],
  ['int2', '-32768', '32767'],
  ['int4', '-2147483648', '2147483647'],
  ['int8', '-9223372036854775808', '9223372036854775807'],
  ['int8', '-9007199254740993', '9007199254740991'],
  ['oid', '0', '4294967295'],
  ['float4', '-0.1', '3.4028235e+38'],
  ['float8', '-5e-324', '1.7976931348623157e+308'],
  ['numeric', '-0.000000000000000000001', '12345678901234567890123456789012345678901234567890.5'],
  ['numeric(10,2)', '-99999999.99', '0.01'],
  ['numeric(38,0)', '-1', '99999999999999999999999999999999999999'],
  ['text', '', 'ü 😀 "quoted" \\ and\ttabs'],
  ['varchar(10)', 'a', 'zzzzzzzzzz'],
  ['char(3)', 'a  ', 'abc'],
  ['bytea', '\\x', '\\x00ff7f80'],
  ['date', '0001-01-01', '9999-12-31'],
  ['time', '00:00:00', '23:59:59.999999'],
  ['time(3)', '00:00:00.001', '23:59:59.999'],
  ['timestamp', '0001-01-01 00:00:00', '2018-06-20 15:13:16.945104'],
  ['timestamp(3)', '1969-12-31 23:59:59.999', '9999-12-31 23:59:59.999'],
  ['timestamptz', '0001-01-01 00:00:00+00', '2018-06-20 13:37:03.945104+00'],
  ['timetz', '00:00:00+00', '08:11:12.5+00'],
  ['interval', 'P-1Y-2M3DT-4H5M6.78S', 'PT0S'],
  ['uuid', '00000000-0000-0000-0000-000000000000', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
  ['jsonb', '{"a": [1, null]}', '"text"'],
  ['xml', '<a/>', '<b>ü</b>'],
  ['mood', 'sad', 'ok'],
  ['bit(1)', '0', '1'],
  ['bit(9)', '000000001', '111111111'],
  ['varbit', '00000001', '1000000000000001'],
  ['point', '(0,0)', '(-1.5,2.25)'],
  ['int4range', 'empty', '[1,5)'],
  ['inet', '::1/128', '10.0.0.0/8'],
  ['int8[]', '{}', '{-9223372036854775808,NULL,7}'],
  ['text[]', '{a,b}', '{NULL,x}'],
  ['numeric(6,2)[]', '{-1.50}', '{0.01,NULL}'],
  ['bytea[]', '{"\\\\x00ff"}', '{"\\\\x01",NULL}'],
];

const start = async () => {
  const [kafka, apicurio] = await Promise.all([startKafka(), startApicurio()]);
  return { kafka, apicurio };
};

await describeWith('events with a schema registry', start, ({ kafka, apicurio }) => {
  let source: string;
  let drop: () => Promise<void>;
  let slot: string;
  let stub: RegistryStub;
  const sql = (text: string) => pgRows(source, text);

  beforeEach(async () => {
    const database = await freshDatabase(await postgres());
    [source, drop] = [database.url, database.drop];
    slot = `r_${process.pid}_${randomBytes(4).toString('hex')}`;
    stub = await RegistryStub.start();
  });
  afterEach(async () => {
    await drop();
    await stub.stop();
  });
  afterAll(async () => {
    await kafka.stop();
    await apicurio.stop();
  });

  const setup = (more: Partial<KafkaSettings>, registry = stub.url): Setup => ({
    ...{ source, slot },
    open: () => {
      const driver = drivers.find(({ type }) => type === 'kafka');
      if (!driver) throw new Error('no driver');
      const settings: KafkaSettings = {
        ...{ ...DEFAULT_KAFKA, prefix: slot, replication: 1 },
        registry: {
          ...{ urls: [new URL(registry)], user: null, password: null, token: null, sslCa: null },
          ...{ autoRegister: true, subject: 'topic' },
        },
        ...more,
      };
      const common = { autoCreateTables: true, connectTimeoutMs: 3000, queryTimeoutMs: 10_000 };
      return driver.open({ url: new URL(kafka.url), ...common, kafka: settings });
    },
  });

  const events = (count: number, topic = `${slot}.public.t`): Promise<Read[]> =>
    until(
      async () => {
        const found = await readCommitted(kafka.broker, [topic]);
        return found.length >= count ? found : null;
      },
      { what: `${count} events` },
    );

  /** What a consumer makes of a row that it knows by its schema alone. */
  const texts = (decoded: Decoded | null, row: unknown): unknown =>
    row &&
    Object.entries(row).map(([name, value]) => postgresText(value, decoded?.columns[name] ?? { type: 'string' }));

  /** The table by PostgreSQL's own text; booleans in words, since bit(1) is one too. */
  const table = async (): Promise<unknown[]> => {
    const style =
      'SET IntervalStyle = iso_8601; SET TimeZone = UTC; SET bytea_output = hex; SET extra_float_digits = 3';
    const rows = await sql(`${style}; SELECT * FROM t ORDER BY id`);
    return rows.map((row) => row.map((text, at) => (text === null ? null : expected(text, TYPES[at - 1]?.[0] ?? ''))));
  };

  const fill = async (): Promise<void> => {
    await sql("CREATE TYPE mood AS ENUM ('sad', 'ok')");
    const columns = TYPES.map(([type], i) => `c${i} ${type}`).join(', ');
    await sql(`CREATE TABLE t (id int PRIMARY KEY, ${columns}); ALTER TABLE t REPLICA IDENTITY FULL`);
    const row = (at: 1 | 2): string => TYPES.map((one) => `'${String(one[at]).replaceAll("'", "''")}'`).join(', ');
    await sql(
      `INSERT INTO t VALUES (1, ${row(1)}); INSERT INTO t VALUES (2, ${row(2)}); INSERT INTO t (id) VALUES (3)`,
    );
  };

  it.each([
    ['avro', 'debezium'],
    ['json-schema', 'debezium'],
    ['avro', 'flat'],
  ] as const)('say in %s, as %s, what every value is to whoever has the schema', async (encoding, format) => {
    await fill();
    const told = setup({ encoding, format }, apicurio.url);
    await catchUp(told);
    const before = await table();
    await sql('UPDATE t SET c0 = NOT c0 WHERE id < 3; DELETE FROM t WHERE id = 3');
    await catchUp(told);
    const sent = await events(format === 'flat' ? 6 : 7);
    const reader = new RegisteredReader(apicurio.url);
    const found = new Map<string, { before: unknown; after: unknown }[]>();
    for (const { bytes } of sent) {
      const key = await reader.read(bytes.key ?? Buffer.alloc(0));
      const value = bytes.value && (await reader.read(bytes.value));
      expect([...key.problems, ...(value?.problems ?? [])]).toEqual([]);
      const envelope = format === 'flat' ? { before: null, after: value?.value ?? null } : value?.value;
      const rows = envelope && { before: texts(value, envelope.before), after: texts(value, envelope.after) };
      const id = String(key.value.id);
      found.set(id, [...(found.get(id) ?? []), ...(rows ? [rows] : [])]);
    }
    const now = await table();
    const old = (at: number): unknown => (format === 'flat' ? null : before[at]);
    expect(Object.fromEntries(found)).toEqual({
      1: [
        { before: null, after: before[0] },
        { before: old(0), after: now[0] },
      ],
      2: [
        { before: null, after: before[1] },
        { before: old(1), after: now[1] },
      ],
      3: [
        { before: null, after: before[2] },
        { before: old(2), after: null },
      ],
    });
  });

  const rowsOf = async (count: number): Promise<unknown[]> => {
    const reader = new RegisteredReader(stub.url);
    const sent = await events(count);
    const read = await Promise.all(sent.map(({ bytes }) => reader.read(bytes.value ?? Buffer.alloc(0))));
    return read
      .map(({ value }) => value.after)
      .sort((a, b) => Number((a as { id: number }).id) - Number((b as { id: number }).id));
  };

  /** What check finds out about the registry, for the table as it is by now in the test below. */
  const found = async (told: Setup): Promise<readonly Finding[]> => {
    const table = relation('t', ['id int4', 'w int4', 'n int4'], ['id']);
    const columns = table.columns.map((one) => ({ ...one, notNull: one.name !== 'w' }));
    const destination = await told.open();
    const findings = await destination.inspect([{ relation: { ...table, columns }, defaults: new Map() }], null);
    await destination.close();
    return findings.filter(({ check }) => check === 'schema_registry');
  };

  it('have the schema of their time, and none is sent that readers of before could not read', async () => {
    const told = setup({ encoding: 'avro' });
    const subject = `${slot}.public.t-value`;
    await sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    await catchUp(told);
    await sql("INSERT INTO t VALUES (2, 'b'); ALTER TABLE t ADD w int");
    await sql("INSERT INTO t VALUES (3, 'c', 30); ALTER TABLE t DROP v; INSERT INTO t VALUES (4, 40)");
    await catchUp(told);
    expect(stub.versions(subject)).toHaveLength(3);
    expect(stub.versions(`${slot}.public.t-key`)).toHaveLength(1);
    const known = [
      { id: 1, v: 'a' },
      { id: 2, v: 'b' },
      { id: 3, v: 'c', w: 30 },
      { id: 4, w: 40 },
    ];
    expect(await rowsOf(4)).toMatchObject(known);
    await sql('INSERT INTO t VALUES (5, 50)');
    await sql('ALTER TABLE t ADD n int NOT NULL DEFAULT 7; INSERT INTO t VALUES (6, 60, 8)');
    await expect(catchUp(told)).rejects.toMatchObject({
      ...{ code: 'SCHEMA_REFUSED', message: expect.stringContaining(subject) },
      hint: expect.stringContaining('FORWARD or NONE'),
    });
    expect(stub.versions(subject)).toHaveLength(3);
    expect(await found(told)).toMatchObject([
      { severity: 'ok' },
      { severity: 'block', message: expect.stringContaining(`${subject} would refuse the schema`) },
    ]);
    expect((await rowsOf(5)).slice(4)).toMatchObject([{ id: 5, w: 50 }]);
    stub.compatibility = 'NONE';
    await catchUp(told);
    expect((await rowsOf(6)).slice(4)).toMatchObject([{ id: 5 }, { id: 6, w: 60, n: 8 }]);
  });

  it('tell who their registry is, and why it will not do', async () => {
    const asked = async (registry: string): Promise<readonly string[] | undefined> => {
      const destination = await setup({ encoding: 'avro' }, registry).open();
      try {
        await destination.connect();
        return await destination.companions?.();
      } finally {
        await destination.close();
      }
    };
    expect(await asked(apicurio.url)).toEqual(['schema registry']);
    await expect(asked('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE' });
    stub.login = 'Basic x';
    await expect(asked(stub.url)).rejects.toMatchObject({ code: 'DESTINATION_AUTH' });
  });

  it('wait for a registry that is away', async () => {
    await sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    stub.broken = { status: 503, code: 50003, message: 'no leader' };
    const run = startPipeline(setup({ encoding: 'avro' }));
    try {
      await run.saw('retry');
      stub.broken = null;
      await run.saw('streaming');
    } finally {
      await run.stop();
    }
    expect(await rowsOf(1)).toMatchObject([{ id: 1, v: 'a' }]);
  });

  it.each(['avro', 'json-schema'] as const)('that belong to no table are in %s too', async (encoding) => {
    const told = setup({ encoding, transactions: 'topic' });
    await sql('CREATE TABLE t (id int PRIMARY KEY)');
    await catchUp(told);
    await sql("BEGIN; INSERT INTO t VALUES (1); SELECT pg_logical_emit_message(true, 'note', 'ü'); TRUNCATE t; COMMIT");
    await catchUp(told);
    const reader = new RegisteredReader(stub.url);
    const read = async (count: number, topic: string): Promise<unknown[]> =>
      Promise.all(
        (await events(count, topic)).map(async ({ bytes }) => (bytes.value ? await reader.read(bytes.value) : null)),
      );
    const [begin, end] = (await read(2, `${slot}.transaction`)) as Decoded[];
    expect(begin).toMatchObject({
      problems: [],
      value: { status: 'BEGIN', event_count: null, data_collections: null },
    });
    expect(end).toMatchObject({
      problems: [],
      value: {
        status: 'END',
        data_collections: [
          { data_collection: 'public.t', event_count: 2n },
          { data_collection: 'LOGICAL_DECODING_MESSAGE', event_count: 1n },
        ],
      },
    });
    expect(await read(1, `${slot}.message`)).toMatchObject([
      { problems: [], value: { op: 'm', message: { prefix: 'note', content: Buffer.from('ü') } } },
    ]);
    const ops = (await read(2, `${slot}.public.t`)) as Decoded[];
    expect(ops.map(({ value }) => [value.op, value.transaction]).sort()).toMatchObject([
      ['c', { total_order: 1n, data_collection_order: 1n }],
      ['t', { total_order: 3n, data_collection_order: 2n }],
    ]);
  });
});

function expected(text: string, type: string): string {
  if (type === 'bool' || type === 'bit(1)') return String(text === 't' || text === '1');
  return type === 'bytea[]' ? text.replaceAll(/"|\\(?=\\)/g, '') : text;
}
