import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { COMMANDS } from '../../src/cli/commands.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb, postgres } from '../support/services.ts';
import { mysqlRows, pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';
import {
  alsoSaid,
  CLOSED,
  DESTINATION,
  expectNoSecret,
  file,
  folder,
  pieces,
  run,
  SOURCE,
  WAYS,
} from './secret-ways.ts';

/** Commands that read a configuration; how each is run to its end. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  replicate: ['replicate', '--until', 'now'],
  live: ['live'],
  status: ['status'],
  verify: ['verify'],
  check: ['check'],
  plan: ['plan'],
  discover: ['discover'],
  teardown: ['teardown', '--yes'],
  config: ['config', 'show'],
};
/** They read none, or ask for it: `demo --destination` and `init` have tests of their own. */
const WITHOUT = ['demo', 'completion', 'init'];

test('every command is among those that are tried here', () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(names.filter((name) => !(name in LINES) && !WITHOUT.includes(name))).toEqual([]);
});

/** Every command with one way; with the others, what looks at both servers, what runs them, and what shows settings. */
const CASES = Object.keys(WAYS).map(
  (way, i) => [way, i === 0 ? Object.keys(LINES) : ['check', 'replicate', 'config']] as const,
);

test.each(CASES)('secrets %s do not appear where no server answers: %j', async (way, commands) => {
  const { flags, env } = WAYS[way]?.(CLOSED, CLOSED) ?? { flags: [], env: {} };
  for (const line of commands.map((name) => LINES[name] ?? [])) {
    const [plain, json] = await Promise.all([run([...line, ...flags], env), run([...line, ...flags, '--json'], env)]);
    // It was the servers, not the configuration.
    expect([0, 1, 4, 5]).toContain(plain.code);
    expect(json.code).toBe(plain.code);
  }
  expectNoSecret();
});

test('init writes passwords where only their owner reads, and says none of them', async () => {
  const cwd = mkdtempSync(join(folder, 'init-'));
  const urls = WAYS['in URLs']?.(CLOSED, CLOSED).env ?? {};
  const line = ['init', '--yes', '--source', urls.CDC_SOURCE_URL ?? '', '--dest', urls.CDC_DEST_URL ?? ''];
  expect((await run(line, {}, { cwd })).code).toBe(0);
  expect((await run(['config', 'show'], {}, { cwd })).code).toBe(0);
  expect(statSync(join(cwd, '.env')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(cwd, '.env'), 'utf8')).toContain(SOURCE.words[0]);
  alsoSaid(readFileSync(join(cwd, 'pg2any.yaml'), 'utf8'));
  for (const url of MALFORMED)
    expect((await run(['init', '--yes', '--source', url, '--dest', 'sqlite:./copy.db'], {}, { cwd })).code).toBe(2);
  expectNoSecret();
});

test.each([
  [
    'a password in the URL',
    { CDC_KAFKA_REGISTRY_URL: `http://key:${encodeURIComponent(DESTINATION.text)}@127.0.0.1:1` },
  ],
  ['a token', { CDC_KAFKA_REGISTRY_TOKEN_FILE: file('token', DESTINATION.text) }],
  ['a malformed URL', { CDC_KAFKA_REGISTRY_URL: `ftp://key:${encodeURIComponent(DESTINATION.text)}@127.0.0.1:1` }],
])("the schema registry's secret does not appear: %s", async (_, more) => {
  const env = {
    CDC_SOURCE_URL: `postgres://secret_role:${encodeURIComponent(SOURCE.text)}@127.0.0.1:1/shop`,
    ...{
      CDC_DEST_URL: 'kafka://127.0.0.1:1',
      CDC_KAFKA_ENCODING: 'avro',
      CDC_KAFKA_REGISTRY_URL: 'http://127.0.0.1:1',
    },
    ...more,
  };
  for (const command of [['check'], ['config', 'show']]) {
    await run([...command, '--env', '--json'], env);
  }
  expectNoSecret();
});

test('a secret that is also a word of the output leaves JSON readable', async () => {
  const env = pieces(CLOSED, CLOSED, '', 'source', 'error');
  const { code, stdout } = await run(['status', '--env', '--json'], env);
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({ source: { error: { code: 'SOURCE_UNREACHABLE' } } });
});

const MALFORMED = [
  `postgres://secret_role:${SOURCE.text}@127.0.0.1:1/shop`,
  `postgres://secret_role:${SOURCE.words.join('/')}@127.0.0.1:1/shop`,
  `postgres://secret_role:${SOURCE.words.join('#')}@127.0.0.1:1/shop`,
  `postgres://secret_role:${SOURCE.words.join('?')}@127.0.0.1:1/shop`,
  `postgres://secret_role:${SOURCE.words.join('%')}@127.0.0.1:1/shop`,
  `postgres://secret_role:${SOURCE.words[0]}@${SOURCE.words[1]}/${SOURCE.words[2]}@127.0.0.1:1/shop`,
  `postgres:/secret_role:${SOURCE.words[0]}@127.0.0.1:1/shop`,
  `secret_role:${SOURCE.words[0]}@127.0.0.1:1/shop`,
  `postgres://secret_role:${SOURCE.words[0]}@127.0.0.1:1/shop?sslmode=perhaps`,
  `postgres://secret_role@127.0.0.1:1/shop?password=${SOURCE.words[0]}&sslmode=perhaps`,
  `postgres://secret_role:${SOURCE.words[0]}@127.0.0.1:99999/shop`,
  `mysql://secret_role:${SOURCE.words[0]}@127.0.0.1:1/shop`,
];

test.each(MALFORMED.map((url, i) => [i + 1, url] as const))(
  'a URL that cannot be used is not shown (%i)',
  async (_, url) => {
    for (const [source, destination] of [
      [url, 'sqlite:./copy.db'],
      ['postgres://u@127.0.0.1:1/shop', url.replace(/^postgres/, 'mysql')],
    ]) {
      const env = { CDC_SOURCE_URL: source ?? '', CDC_DEST_URL: destination ?? '' };
      await Promise.all([run(['check', '--env', '--json'], env), run(['config', 'show', '--env'], env)]);
    }
    const yaml = file('wrong.yaml', stringify({ source: { url }, destination: { url: 'sqlite:./copy.db' } }));
    await run(['check', '--config', yaml]);
    expectNoSecret();
  },
);

test.each([
  [['replicate', `postgres://u:${SOURCE.words[0]}@h/d`]],
  [['replicate', '--env', `--source-url=postgres://u:${SOURCE.words[0]}@h/d`]],
  [['check', '--password', `${SOURCE.words[0]}`]],
  [[`postgres://u:${SOURCE.words[0]}@h/d`]],
  [['demo', '--destination', `mysql://u:${SOURCE.words.join('/')}@h/d`]],
  [['demo', '--destination', `oracle://u:${SOURCE.words[0]}@h/d`]],
])('a secret among the words of a wrong command line is not repeated', async (line) => {
  expect((await run(line)).code).toBe(2);
  expectNoSecret();
});

await describeWith(
  'secrets with servers that know them',
  async () => ({ source: await postgres(18), destination: await mariadb() }),
  (servers) => {
    const role = `secret_${process.pid}`;
    const slot = `secret_${process.pid}`;
    let source: FreshDatabase;
    let destination: FreshDatabase;

    const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

    beforeAll(async () => {
      source = await freshDatabase(servers.source);
      destination = await freshDatabase(servers.destination);
      await pgRows(source.url, `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD ${quoted(SOURCE.text)}`);
      await pgRows(source.url, 'CREATE TABLE kept (id int PRIMARY KEY, note text); INSERT INTO kept VALUES (1)');
      const password = quoted(DESTINATION.text).replaceAll('\\', '\\\\');
      await mysqlRows(servers.destination.url, `CREATE USER ${role} IDENTIFIED BY ${password}`);
      await mysqlRows(servers.destination.url, `GRANT ALL ON *.* TO ${role}`);
    });

    afterAll(async () => {
      await source.drop();
      await destination.drop();
      await pgRows(servers.source.url, `DROP ROLE ${role}`);
      await mysqlRows(servers.destination.url, `DROP USER ${role}`);
    });

    const env = (passwords = [SOURCE.text, DESTINATION.text]) => {
      const [here, there] = [new URL(source.url), new URL(destination.url)];
      const [ours = '', theirs = ''] = passwords.map(encodeURIComponent);
      return {
        CDC_SOURCE_URL: `postgres://${role}:${ours}@${here.host}${here.pathname}`,
        CDC_DEST_URL: `mysql://${role}:${theirs}@${there.host}${there.pathname}`,
        CDC_REPLICATION_SLOT: slot,
      };
    };

    test('they do not appear where everything works, in no command', async () => {
      for (const line of Object.values(LINES)) {
        const plain = await run([...line, '--env'], env());
        expect([line[0], plain.code]).toEqual([line[0], line[0] === 'live' ? 1 : 0]);
        await run([...line, '--env', '--json'], env());
      }
      expectNoSecret();
    });

    test('they do not appear where a server refuses them', async () => {
      const wrong = [`${SOURCE.text}x`, `${DESTINATION.text}x`];
      for (const passwords of [
        [wrong[0] ?? '', DESTINATION.text],
        [SOURCE.text, wrong[1] ?? ''],
      ]) {
        for (const line of [['check'], ['status'], ['verify'], ['replicate', '--until', 'now'], ['plan', '--json']]) {
          expect([4, 5]).toContain((await run([...line, '--env'], env(passwords))).code);
        }
      }
      expectNoSecret();
    });

    test('the demo does not show the password of the server it copies into', async () => {
      const { code, stdout } = await run([
        'demo',
        '--destination',
        env().CDC_DEST_URL,
        '--seconds',
        '1',
        '--rate',
        '50',
      ]);
      expect([code, stdout]).toEqual([0, expect.stringContaining('0 differences')]);
      expectNoSecret();
    });

    test('they are in no log line, probe, status or metric of a process that is looked at over HTTP, also when it fails', async () => {
      let heard = '';
      const line = ['replicate', '--env', '--http', '0', '--log-format', 'json', '--log-level', 'debug'];
      const running = run(line, env(), {
        onLine: (text, child) => {
          const [, port] = /"event":"http.listening".*"port":(\d+)/.exec(text) ?? [];
          if (port === undefined) return;
          const ask = async (path: string) => {
            const answer = await fetch(`http://127.0.0.1:${port}${path}`);
            heard += await answer.text();
            return answer.status;
          };
          const lost = `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slot}'`;
          void until(async () => (await ask('/readyz')) === 200)
            .then(() => pgRows(source.url, lost))
            .then(() => until(async () => (await ask('/readyz')) === 503))
            .then(() => Promise.all(['/healthz', '/status', '/build', '/metrics', '/nothing'].map(ask)))
            .finally(() => child.kill('SIGTERM'));
        },
      });
      const { code, stderr } = await running;
      expect(code).toBe(0);
      expect(stderr).toContain('"event":"retry"');
      for (const part of [
        '"reasons":',
        '"checkpoint":',
        '"startedAt":',
        'pg2any_failures_total{',
        'there is no /nothing',
      ])
        expect(heard).toContain(part);
      alsoSaid(heard);
      expectNoSecret();
    });

    test('they do not cross the socket of a running process, also when it fails', async () => {
      let heard = '';
      const running = run(['replicate', '--env', '--json'], env(), {
        onLine: (line, child) => {
          if (!line.includes('"event":"streaming"') || heard !== '') return;
          heard = 'listening\n';
          const [name = ''] = readdirSync(join(folder, 'pg2any'));
          const socket = connect(join(folder, 'pg2any', name)).setEncoding('utf8');
          socket.on('data', (text: string) => {
            heard += text;
          });
          socket.write('{"request":"watch"}\n{"request":"nonsense"}\n');
          const lost = `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slot}'`;
          void until(() => heard.includes('"type":"status"'))
            .then(() => pgRows(source.url, lost))
            .then(() => until(() => heard.includes('"event":"retry"') || heard.includes('"event":"source.lost"')))
            .finally(() => child.kill('SIGTERM'));
        },
      });
      expect((await running).code).toBe(0);
      for (const part of ['"type":"hello"', '"type":"status"', '"type":"event"', '"type":"answer"', '"type":"end"'])
        expect(heard).toContain(part);
      alsoSaid(heard);
      expectNoSecret();
    });
  },
);
