import { expect, test } from 'vitest';
import { describeSource } from '../../src/config/config.ts';
import { DEST, fromEnv, inFolder, load, problem, SOURCE } from './support.ts';

const source = (environment: Readonly<Record<string, string>>) =>
  load({ env: '', environment: { CDC_DEST_URL: DEST, ...environment } }).config.source;
const destination = (environment: Readonly<Record<string, string>>) =>
  load({ env: '', environment: { CDC_SOURCE_URL: SOURCE, ...environment } }).config.destination;

const AWKWARD = 'p@s:s/w?o#r%d &"\'\\ü';

test('a URL and the same pieces mean the same source', () => {
  const url = `postgresql://us%40er:${encodeURIComponent(AWKWARD)}@db:6543/my%20db?sslmode=verify-full&sslrootcert=${import.meta.filename}`;
  const parts = source({
    CDC_SOURCE_HOST: 'db',
    CDC_SOURCE_PORT: '6543',
    CDC_SOURCE_DB: 'my db',
    CDC_SOURCE_USER: 'us@er',
    CDC_SOURCE_PASSWORD: AWKWARD,
    CDC_SOURCE_SSLMODE: 'verify-full',
    CDC_SOURCE_SSLROOTCERT: import.meta.filename,
  });
  expect(source({ CDC_SOURCE_CONNECTION_STRING: url })).toEqual(parts);
  expect(parts.password).toBe(AWKWARD);
});

test.each([
  ['postgres://u:p@/shop?host=/var/run/postgresql', '/var/run/postgresql', 5432],
  ['postgres://u:p@%2Ftmp%2Fpg/shop', '/tmp/pg', 5432],
  ['postgres://u:p@[::1]:5555/shop', '::1', 5555],
  ['postgres://u:p@/shop', 'localhost', 5432],
  ['postgres:///shop?host=h&user=u&port=99', 'h', 99],
])('%s names its host and port', (url, host, port) => {
  expect(source({ CDC_SOURCE_URL: url })).toMatchObject({ host, port, database: 'shop', user: 'u' });
});

test('an @ in the password is understood, since the last one ends it', () => {
  expect(source({ CDC_SOURCE_URL: 'postgres://u:p@ss@h/db' })).toMatchObject({ password: 'p@ss', host: 'h' });
});

test.each(['a#b', '12#b', '12/b', 'a/b', '12?b', 'a?b', 'a%b', '100%', 'a@b/c'])(
  'a password %j that is not percent-encoded is explained without being shown',
  (password) => {
    const message = problem(() => source({ CDC_SOURCE_URL: `postgres://user:${password}@host/db` }));
    expect(message).toMatch(/^CDC_SOURCE_URL in the environment .*percent-encoded/s);
    expect(message).not.toContain(password);
  },
);

test.each(["'", '"', ''])('a # in an env file cuts a URL that is quoted with %j only without quotes', (quote) => {
  const text = `CDC_DEST_URL=${DEST}\nCDC_SOURCE_URL=${quote}postgres://u:p%23${quote === '' ? '#' : ''}x@h/db${quote}\n`;
  inFolder({ '.env': text }, (folder) => {
    if (quote !== '') expect(load({ folder, env: '.env' }).config.source.password).toBe('p#x');
    else expect(problem(() => load({ folder, env: '.env' }))).toContain('the line has a # without quotes');
  });
});

test('a comment behind a value of an env file is only mentioned when the value does not fit', () => {
  const text = (rows: string) =>
    `CDC_DEST_URL=${DEST}\nCDC_SOURCE_URL=${SOURCE} # the shop\nCDC_BATCH_SIZE=${rows} # rows\n`;
  inFolder({ 'a.env': text('5'), 'b.env': text('five') }, (folder) => {
    expect(load({ folder, env: 'a.env' }).config.batch.rows).toBe(5);
    expect(problem(() => load({ folder, env: 'b.env' }))).toContain('not "five" (the line has a # without quotes');
  });
});

test('a password that an env file would cut at its # is refused', () => {
  inFolder(
    { '.env': `CDC_DEST_URL=${DEST}\nCDC_SOURCE_URL=postgres://u@h/d\nCDC_SOURCE_PASSWORD=half#lost\n` },
    (folder) => {
      const message = problem(() => load({ folder, env: '.env' }));
      expect(message).toContain('CDC_SOURCE_PASSWORD in .env: the line has a # without quotes');
      expect(message).not.toContain('half');
    },
  );
});

test('a secret may come from a file, without its final newline', () => {
  inFolder({ pw: 'top secret\n', url: `${SOURCE}\n` }, (folder) => {
    const environment = {
      CDC_SOURCE_URL_FILE: `${folder}/url`,
      CDC_DEST_URL: 'mysql://r@h/shop',
      CDC_DEST_PASSWORD_FILE: `${folder}/pw`,
    };
    const { config } = load({ env: '', environment });
    expect(config.source.host).toBe('db.example');
    expect(decodeURIComponent(config.destination.url.password)).toBe('top secret');
  });
  expect(problem(() => fromEnv({ CDC_SOURCE_PASSWORD_FILE: '/nope' }))).toBe(
    'CDC_SOURCE_PASSWORD_FILE in the environment: cannot read /nope (there is no such file)',
  );
});

test('a piece completes a URL, a stronger layer overrides it, and a contradiction in one layer is refused', () => {
  expect(source({ CDC_SOURCE_URL: 'postgres://u@h/d', CDC_SOURCE_PASSWORD: AWKWARD }).password).toBe(AWKWARD);
  expect(problem(() => source({ CDC_SOURCE_URL: SOURCE, CDC_SOURCE_HOST: 'other' }))).toBe(
    'CDC_SOURCE_HOST in the environment contradicts CDC_SOURCE_URL in the environment; keep one of them',
  );
  inFolder({ 'c.yaml': `source: { url: "${SOURCE}", port: 5433 }\ndestination: { url: "${DEST}" }\n` }, (folder) => {
    const config = (environment: Record<string, string>) => load({ folder, config: 'c.yaml', environment }).config;
    expect(config({ CDC_SOURCE_HOST: 'other' }).source).toMatchObject({ host: 'other', port: 5433, user: 'shop' });
    expect(config({ CDC_SOURCE_URL: 'postgres://a@b:1/c' }).source).toMatchObject({ host: 'b', port: 1 });
  });
});

test.each([
  [{ CDC_SOURCE_URL: 'mysql://u@h/d' }, 'must begin with postgres:// or postgresql://'],
  [{ CDC_SOURCE_URL: 'just text' }, 'is not a URL such as'],
  [{ CDC_SOURCE_URL: 'postgres://u@h' }, 'has no database'],
  [{ CDC_SOURCE_URL: 'postgres://h/d' }, 'has no user'],
  [{ CDC_SOURCE_URL: 'postgres://u@a,b/d' }, 'several hosts'],
  [{ CDC_SOURCE_URL: 'postgres://u@h/d?sslmode=maybe' }, 'sslmode must be'],
  [
    { CDC_SOURCE_URL: 'postgres://u@h/d?sslrootcert=/no/ca.pem' },
    'the file of sslrootcert, /no/ca.pem, cannot be read',
  ],
  [{ CDC_SOURCE_URL: 'postgres://u@h:99999/d' }, 'has the port 99999'],
])('%j is refused with the reason', (environment, reason) => {
  expect(problem(() => source(environment))).toContain(reason);
});

test('a parameter of the source URL that has no effect is noted', () => {
  const config = fromEnv({ CDC_SOURCE_URL: `${SOURCE}?channel_binding=require` });
  expect(config.notes).toEqual(['CDC_SOURCE_URL in the environment: the parameter channel_binding has no effect here']);
});

test('the kind of destination comes from its type, in any case, or its scheme', () => {
  expect(destination({ CDC_DEST_URL: DEST }).type).toBe('mysql');
  expect(destination({ CDC_DEST_URL: DEST, CDC_DEST_TYPE: 'MariaDB' }).type).toBe('mariadb');
  expect(destination({ CDC_DEST_URL: './my #1 shop.db', CDC_DEST_TYPE: 'SQLITE' }).url.href).toBe(
    'sqlite:./my %231 shop.db',
  );
  expect(destination({ CDC_DEST_URL: 'sqlite:///data/shop.db' }).url.pathname).toBe('/data/shop.db');
  expect(destination({ CDC_DEST_TYPE: 'sqlite', CDC_DEST_DB: '/data/shop.db' }).url.href).toBe('sqlite:/data/shop.db');
});

test('a destination in pieces keeps every character of its password', () => {
  const environment = {
    CDC_DEST_TYPE: 'MySQL',
    CDC_DEST_HOST: '::1',
    CDC_DEST_DB: 'a/b',
    CDC_DEST_USER: 'u@x',
    CDC_DEST_PASSWORD: AWKWARD,
  };
  const { url } = destination(environment);
  expect([url.hostname, url.port, decodeURIComponent(url.pathname)]).toEqual(['[::1]', '3306', '/a/b']);
  expect([decodeURIComponent(url.username), decodeURIComponent(url.password)]).toEqual(['u@x', AWKWARD]);
});

test('parameters of a destination URL are kept for its engine', () => {
  expect(destination({ CDC_DEST_URL: `${DEST}?ssl-mode=REQUIRED&x=a%20b` }).url.searchParams.get('x')).toBe('a b');
});

test.each([
  [
    { CDC_DEST_TYPE: 'mysq' },
    'CDC_DEST_TYPE in the environment is "mysq"; this version knows MySQL, MariaDB, SQLite; did you mean MySQL?',
  ],
  [
    { CDC_DEST_TYPE: 'MySQL', CDC_DEST_URL: 'sqlite:./x' },
    'is MySQL, but CDC_DEST_URL in the environment begins with sqlite:',
  ],
  [{ CDC_DEST_URL: 'oracle://x/y' }, 'begins with oracle:, which no destination of this version has'],
  [{ CDC_DEST_URL: './x.db' }, 'has no scheme; write it as'],
  [{ CDC_DEST_TYPE: 'MySQL' }, 'the destination has no host'],
  [{ CDC_DEST_TYPE: 'SQLite' }, 'the destination has no file'],
  [{ CDC_DEST_URL: 'mysql://u:a%b@h/d' }, 'has a % in its password'],
])('destination %j is refused with the reason', (environment, reason) => {
  expect(problem(() => destination(environment))).toContain(reason);
});

test('what is shown of the connections holds no password', () => {
  const config = fromEnv({ CDC_DEST_URL: `${DEST}?password=x` });
  expect(describeSource(config.source)).toBe('postgres://shop@db.example:5433/shop');
  expect(config.destination.display).toBe('mysql://replica@replica.example:3306/shop');
});

test('sslrootcert=system checks the host name too, unless told otherwise', () => {
  const tls = (parameters: string) => source({ CDC_SOURCE_URL: `${SOURCE}?${parameters}` });
  expect(tls('sslrootcert=system')).toMatchObject({ sslMode: 'verify-full', sslRootCert: null });
  expect(tls('sslrootcert=system&sslmode=verify-ca')).toMatchObject({ sslMode: 'verify-ca', sslRootCert: null });
  expect(tls('sslmode=allow')).toMatchObject({ sslMode: 'prefer', sslRootCert: null });
});
