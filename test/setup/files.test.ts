import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersFrom } from '../../src/cli/config-answers.ts';
import { type Answers, NO_ANSWERS } from '../../src/setup/answers.ts';
import { initCommand } from '../../src/setup/command.ts';
import { draftText, readDraft } from '../../src/setup/draft.ts';
import { envLine, mergeEnv } from '../../src/setup/env-text.ts';
import { filesOf, otherSettings } from '../../src/setup/files.ts';
import { shownRegistry } from '../../src/setup/registry-url.ts';
import { shownUrl, withPassword } from '../../src/setup/secrets.ts';
import { configOf, configOfFiles } from '../../src/setup/settle.ts';

const SHOP: Answers = {
  ...NO_ANSWERS,
  source: "postgres://shop:s3/cr'et%23@db:5433/shop?sslmode=require".replace('/cr', '%2Fcr'),
  destination: 'mysql://replica:other%20pw@replica:3307/shop?ssl=true',
};

describe('the files of a setup', () => {
  it('load to what was answered', () => {
    const tables = ['public.orders', '"Sales"."Order, old"'];
    const mapping = { sales: 'sales_copy' };
    const config = configOf({ ...SHOP, tables, schemaMapping: mapping, snapshot: 'only', policy: 'null' });
    expect(config.source).toMatchObject({ host: 'db', port: 5433, user: 'shop', password: "s3/cr'et#" });
    expect(config.source.sslMode).toBe('require');
    expect(config.destination.type).toBe('mysql');
    expect(decodeURIComponent(config.destination.url.password)).toBe('other pw');
    expect(config.tables).toEqual(['public.orders', 'Sales.Order, old']);
    expect([config.slot, config.publication, config.snapshot]).toEqual(['pg2any_shop', 'pg2any_shop', 'only']);
    expect(config.schemaMapping).toEqual(new Map([['sales', 'sales_copy']]));
    expect(config.rules.policies.default).toBe('null');
  });

  it('hold passwords in .env alone', () => {
    const { yaml, secrets } = filesOf({ ...SHOP, destination: 'mysql://replica:pw2@h/shop?token=t0ken' });
    expect(yaml).not.toMatch(/s3|cr'et|pw2|t0ken/);
    expect(secrets.map(({ value }) => value)).toEqual(["s3/cr'et#", 'pw2', 't0ken']);
  });

  it('take any password that a URL can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (password) => {
        fc.pre(
          !/[\0\r\n]|\\n|\\r/.test(password) && !(/'/.test(password) && /"/.test(password)) && !/[\\`]/.test(password),
        );
        fc.pre(password.trim() === password);
        const source = `postgres://shop:${encodeURIComponent(password)}@db/shop`;
        expect(configOf({ ...SHOP, source }).source.password).toBe(password);
        expect(parse(envLine({ name: 'A', value: password })).A).toBe(password);
      }),
    );
  });

  it('refuse a password that no quoting of .env can hold, and say what to do', () => {
    expect(() => envLine({ name: 'A', value: '\'"`#\n\'"`' })).toThrow(/holds every quote/);
  });

  it('name the kind of destination only where the URL does not tell', () => {
    const yaml = (destinationType: string) => filesOf({ ...SHOP, destinationType }).yaml;
    expect(yaml('mysql')).not.toContain('type:');
    expect(yaml('mariadb')).toContain('type: mariadb');
  });

  it('load to the Kafka that was answered, beside a database or alone, with its password in .env', () => {
    const kafka = { kafkaSecurity: 'sasl_ssl', kafkaFormat: 'flat' } as const;
    const beside = { ...SHOP, ...kafka, mirror: 'kafka://me:m%40pw9@k1:9093/shop' };
    expect(filesOf(beside).yaml).not.toContain('pw9');
    const { mirror } = configOf(beside).destination;
    expect(decodeURIComponent(mirror?.url.password ?? '')).toBe('m@pw9');
    expect(mirror?.kafka).toMatchObject({ prefix: 'shop', security: 'sasl_ssl', format: 'flat' });
    expect(answersFrom(configOf(beside))).toMatchObject({ ...kafka, mirror: beside.mirror });
    const alone = configOf({ ...SHOP, ...kafka, destination: 'kafka://me:pw@k1/shop' }).destination;
    expect(alone).toMatchObject({ type: 'kafka', kafka: { security: 'sasl_ssl', format: 'flat' } });
    expect([alone.mirror, configOf(SHOP).destination.mirror]).toEqual([undefined, undefined]);
  });

  it('load to the schema registry that was answered, with its password in .env', () => {
    const kafkaRegistry = 'http://me:r%40pw@registry:8081,https://other:8082/apis/ccompat/v7';
    const given = { ...SHOP, mirror: 'kafka://k1/shop', kafkaRegistry, kafkaEncoding: 'json-schema' } as const;
    expect(filesOf(given).yaml).not.toContain('r@pw');
    const { kafka } = configOf(given).destination.mirror ?? {};
    expect(kafka).toMatchObject({ encoding: 'json-schema', registry: { user: 'me', password: 'r@pw' } });
    expect(kafka?.registry?.urls.map(({ href }) => href)).toEqual([
      'http://registry:8081/',
      'https://other:8082/apis/ccompat/v7',
    ]);
    const again = { ...given, ...answersFrom(configOf(given)), source: given.source, destination: given.destination };
    expect(configOf(again).destination.mirror?.kafka).toEqual(kafka);
    // Nobody would use it.
    expect(configOf({ ...given, mirror: '' }).destination.mirror).toBeUndefined();
    expect(() => filesOf({ ...given, kafkaRegistry: 'registry:8081' })).toThrow(/such as http:\/\/registry:8081/);
  });

  it('keep what else was set for Kafka', () => {
    const before = `kafka:
  url: kafka://old
  format: flat
  topic: "{prefix}.{table}"
  encoding: avro
  registry: { url: "http://old:1", user: them, subject: record }
`;
    const kept = otherSettings(before);
    expect(kept).toEqual({ kafka: { topic: '{prefix}.{table}', registry: { subject: 'record' } } });
    const now = { ...SHOP, mirror: 'kafka://k1/shop' };
    const { mirror } = configOfFiles(filesOf(now, kept)).destination;
    expect(mirror?.kafka).toMatchObject({ topic: '{prefix}.{table}', format: 'debezium', registry: null });
    const registered = configOfFiles(filesOf({ ...now, kafkaRegistry: 'http://registry:8081' }, kept)).destination;
    expect(registered.mirror?.kafka?.registry).toMatchObject({ user: null, subject: 'record' });
  });

  it('refuse a URL that cannot be read', () => {
    expect(() => filesOf({ ...SHOP, source: 'shop' })).toThrow(/the URL of the source is not a URL/);
  });
});

describe('.env', () => {
  it('keeps what else stands in it, and says what it would change', () => {
    const secrets = [{ name: 'A', value: 'new' }];
    expect(mergeEnv('OTHER=1\nA=old\n', secrets)).toEqual({ text: 'OTHER=1\nA=new\n', changed: ['A'] });
    expect(mergeEnv('OTHER=1', secrets)).toEqual({ text: 'OTHER=1\nA=new\n', changed: [] });
    expect(mergeEnv('A=new\n', secrets)).toEqual({ text: 'A=new\n', changed: [] });
  });
});

describe('what is shown and kept', () => {
  it('holds no password: the command, a draft, a URL', () => {
    const all = { ...SHOP, mirror: 'kafka://me:other@k1/p', kafkaRegistry: 'http://me:other@registry:8081' };
    const shown = [
      ...initCommand(all),
      draftText({ answers: all, step: 'tables' }),
      shownUrl(SHOP.source, 'SOURCE'),
      shownRegistry(all.kafkaRegistry),
      shownRegistry('http://me:other@'),
    ];
    expect(shown.join('\n')).toContain('PG2ANY_REGISTRY_PASSWORD=…');
    expect(shown.join('\n')).not.toMatch(/cr|other/);
    expect(shownUrl('postgres://shop:50%@db/shop', 'SOURCE')).toBe('postgres:***');
  });

  it('a draft comes back as it was, but for its passwords', () => {
    const draft = readDraft(draftText({ answers: { ...SHOP, tables: ['public.a'] }, step: 'tables' }));
    expect(draft).toMatchObject({ step: 'tables', answers: { tables: ['public.a'], policy: 'error' } });
    expect(draft?.answers.source).toBe('postgres://shop@db:5433/shop?sslmode=require');
    expect(withPassword(draft?.answers.source ?? '', 'SOURCE', null, "s3/cr'et#")).toBe(
      "postgres://shop:s3%2Fcr'et%23@db:5433/shop?sslmode=require",
    );
  });

  it('a draft that was tampered with, or is of another version, is none', () => {
    expect(readDraft('{')).toBeNull();
    expect(readDraft('{"version":2,"step":"a","answers":{}}')).toBeNull();
    expect(readDraft('{"version":1,"step":"a","answers":{"tables":[1]}}')).toBeNull();
  });
});

describe('editing what is there', () => {
  it('keeps settings that nothing asks for, and asks for the others', () => {
    const before = 'source: {url: x}\nbatch_rows: 5\nschema_changes: stop\ncolumns: {public.a.b: {type: TEXT}}\n';
    expect(otherSettings(before)).toEqual({ batch_rows: 5, columns: { 'public.a.b': { type: 'TEXT' } } });
    expect(otherSettings('{')).toEqual({});
    const config = configOfFiles(filesOf(SHOP, otherSettings(before)));
    expect([config.batch.rows, config.schema.changes]).toEqual([5, 'apply']);
    expect(config.rules.columns.size).toBe(1);
    const referring = filesOf(SHOP, { startup_timeout: `\${env:PATIENCE}` });
    expect(configOfFiles(referring, { PATIENCE: '7s' }).startupMs).toBe(7000);
  });

  it('finds the answers in a configuration from which the same one comes again', () => {
    const answers = {
      ...SHOP,
      tables: ['public.a', '"S"."t, u"'],
      schemaMapping: { S: 's' },
      snapshot: 'never',
    } as const;
    const config = configOf(answers);
    expect(configOf(answersFrom(config))).toEqual(config);
    const socket = { ...SHOP, source: 'postgres://u@/d?host=/var/run/postgresql', destination: 'sqlite:./a.db' };
    expect(configOf(answersFrom(configOf(socket)))).toEqual(configOf(socket));
  });
});
