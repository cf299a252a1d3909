// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of the config file.
import { expect, test } from 'vitest';
import { defineConfig } from '../../src/config/define.ts';
import { duration, showMs, showSize, size } from '../../src/config/kinds.ts';
import { DEST, DRIVERS, fromEnv, inFolder, load, problem, SOURCE } from './support.ts';

test('durations are seconds unless a unit says otherwise', () => {
  const config = fromEnv({ CDC_CONNECTION_TIMEOUT: '30', CDC_QUERY_TIMEOUT: '1500ms', CDC_HEARTBEAT_INTERVAL: '0.5' });
  expect([config.connectTimeoutMs, config.queryTimeoutMs, config.heartbeatMs]).toEqual([30_000, 1500, 500]);
  expect(problem(() => fromEnv({ CDC_QUERY_TIMEOUT: 'soon' }))).toContain('must be a duration from 100ms to 24h');
});

test.each([1, 500, 1000, 90_000, 300_000, 7_200_000])('a shown duration of %i ms reads back', (ms) => {
  expect(duration(0, 1e9).schema.parse(showMs(ms))).toBe(ms);
});

test.each([1, 1023, 1024, 16 << 20, 3 * (1 << 10)])('a shown size of %i bytes reads back', (bytes) => {
  expect(size(0, 1e9).schema.parse(showSize(bytes))).toBe(bytes);
});

test('tables are read as the catalog spells them', () => {
  const tables = (text: string) => fromEnv({ CDC_TABLES: text }).tables;
  expect(tables('public.orders, items ,sales.Customers')).toEqual(['public.orders', 'public.items', 'sales.Customers']);
  expect(tables('"Sales"."Order, ""old""",x."a.b"')).toEqual(['Sales.Order, "old"', 'x.a.b']);
  expect(tables('orders,public.orders,')).toEqual(['public.orders']);
  expect(tables('order items')).toEqual(['public.order items']);
  expect(tables('*')).toBeNull();
  expect(fromEnv({}).tables).toBeNull();
});

test.each(['public.*', 'a.b.c', '"open', 'a,,b', '.', '"a"b', ','])('tables refuse %j', (text) => {
  expect(problem(() => fromEnv({ CDC_TABLES: text }))).toContain('CDC_TABLES in the environment');
});

test('a schema mapping is pairs, each schema once', () => {
  expect([...fromEnv({ CDC_SCHEMA_MAPPING: 'public:shop_copy, sales:sales_copy' }).schemaMapping]).toEqual([
    ['public', 'shop_copy'],
    ['sales', 'sales_copy'],
  ]);
  for (const bad of ['public', 'a:b,a:c', 'a:b:c', ':x']) {
    expect(problem(() => fromEnv({ CDC_SCHEMA_MAPPING: bad }))).toContain('CDC_SCHEMA_MAPPING in the environment');
  }
});

test('the config file takes numbers, lists, mappings, and the spelling of the variables', () => {
  const text = `
source: { url: "${SOURCE}" }
dest_url: ${DEST}
tables: [public.orders, "sales.Items"]
schema_mapping: { public: shop_copy }
auto_create_tables: false
batch_size: 500
replication_slot: mine
`;
  inFolder({ 'c.yaml': text }, (folder) => {
    const { config } = load({ folder, config: 'c.yaml' });
    expect(config.tables).toEqual(['public.orders', 'sales.Items']);
    expect([...config.schemaMapping]).toEqual([['public', 'shop_copy']]);
    expect(config.autoCreateTables).toBe(false);
    expect(config.destination.autoCreateTables).toBe(false);
    expect(config.batch.rows).toBe(500);
    expect(config.slot).toBe('mine');
  });
});

test('${env:…} and ${file:…} are replaced, file paths being relative to the config file', () => {
  const text =
    "source:\n  url: postgres://shop@${env:DB_HOST}/shop\n  password: ${file:pw.txt}\ndestination: { url: 'sqlite:./x.db' }\n";
  inFolder({ 'c.yaml': text, 'pw.txt': 'p@ss#wörd\n' }, (folder) => {
    const { config } = load({ folder, config: 'c.yaml', environment: { DB_HOST: 'db1' } });
    expect(config.source.host).toBe('db1');
    expect(config.source.password).toBe('p@ss#wörd');
    const message = problem(() => load({ folder, config: 'c.yaml' }));
    expect(message).toContain('source.url in c.yaml, line 2: ${env:DB_HOST} names a variable that is not set');
  });
});

test('a placeholder of another form is explained', () => {
  inFolder({ 'c.yaml': 'slot: ${SLOT}\n' }, (folder) => {
    expect(problem(() => load({ folder, config: 'c.yaml' }))).toContain('${SLOT} is not understood: write ${env:NAME}');
  });
});

test('defineConfig goes through the same checks', () => {
  const config = defineConfig(
    {
      source: { host: 'h', database: 'My-Shop', user: 'u', password: 'p:@/#%' },
      destination: { url: 'sqlite:./x.db' },
      tables: ['public.a'],
      schemaMapping: { public: 'copy' },
      batch: { rows: 5 },
      heartbeatInterval: '2s',
      snapshot: 'only',
    },
    DRIVERS,
  );
  expect(config.source.password).toBe('p:@/#%');
  expect([config.slot, config.publication]).toEqual(['pg2any_my_shop', 'pg2any_my_shop']);
  expect([config.batch.rows, config.heartbeatMs, config.snapshot]).toEqual([5, 2000, 'only']);
  const wrong = { source: { hots: 'h' } } as object;
  expect(problem(() => defineConfig(wrong, DRIVERS))).toContain(
    'source.hots is not a setting; did you mean source.host?',
  );
});
