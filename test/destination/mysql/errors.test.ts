import { expect, it } from 'vitest';
import { readAddress } from '../../../src/destination/mysql/address.ts';
import { bind } from '../../../src/destination/mysql/bind.ts';
import { mysqlError } from '../../../src/destination/mysql/errors.ts';
import { readServer } from '../../../src/destination/mysql/server.ts';

it.each([
  [{ errno: 1213 }, 'DESTINATION_BUSY'],
  [{ errno: 1205 }, 'DESTINATION_BUSY'],
  [{ errno: 1040 }, 'DESTINATION_BUSY'],
  [{ errno: 1206 }, 'DESTINATION_BUSY'],
  [{ errno: 3024 }, 'DESTINATION_BUSY'],
  [{ errno: 1197 }, 'DESTINATION_UNSUITABLE'],
  [{ errno: 1130 }, 'DESTINATION_AUTH'],
  [{ errno: -111, code: 'ECONNREFUSED' }, 'DESTINATION_UNREACHABLE'],
  [{ code: 'PROTOCOL_CONNECTION_LOST' }, 'DESTINATION_UNREACHABLE'],
  [{ errno: 1927 }, 'DESTINATION_UNREACHABLE'],
  [{ errno: 1045 }, 'DESTINATION_AUTH'],
  [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'DESTINATION_AUTH'],
  [{ code: 'HANDSHAKE_NO_SSL_SUPPORT' }, 'DESTINATION_AUTH'],
  [{ errno: 1142 }, 'DESTINATION_PRIVILEGE'],
  [{ errno: 1030, message: 'Got error 28 "No space left on device" from storage engine' }, 'DESTINATION_FULL'],
  [{ errno: 1030, message: 'Got error 1 from storage engine' }, 'DESTINATION_FAILED'],
  [{ errno: 1114 }, 'DESTINATION_FULL'],
  [{ errno: 1062 }, 'VALUE_REFUSED'],
  [{ errno: 4025 }, 'VALUE_REFUSED'],
  [{ errno: 1263 }, 'VALUE_REFUSED'],
  [{ errno: 1644 }, 'VALUE_REFUSED'],
  [{ errno: 1153 }, 'VALUE_UNREPRESENTABLE'],
  [{ errno: 1064 }, 'DESTINATION_FAILED'],
])('takes %o for %s', (native, code) => {
  const error = mysqlError(Object.assign(new Error('no'), { sql: 'INSERT secret' }, native), 'public.t');
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/^public\.t: /);
  expect((error.cause as { sql?: string }).sql).toBeUndefined();
});

it('reads the address with its TLS mode, and keeps the password out of what it shows', () => {
  const address = readAddress(new URL('mysql://me:p%40ss@[::1]:3307/shop?ssl-mode=VERIFY-IDENTITY'));
  expect(address).toMatchObject({ host: '::1', port: 3307, user: 'me', password: 'p@ss', database: 'shop' });
  expect(address).toMatchObject({ sslMode: 'verify-identity', shown: '[::1]:3307' });
});

it.each([
  ['mysql://me@host', 'needs a database'],
  ['mysql://me@host/shop?sslmode=require', 'unknown parameter sslmode'],
  ['mysql://me@host/shop?ssl-mode=maybe', 'ssl-mode is maybe'],
  ['mysql://me@host/shop?ssl-ca=/no/such.pem', '/no/such.pem cannot be read'],
])('refuses the address %s', (url, message) => {
  expect(() => readAddress(new URL(url))).toThrow(message);
});

it('puts values where parameters are, and not into names, strings or other values', () => {
  expect(bind("SELECT `a?`, '?\\'?' WHERE x = ? AND y = ?", ["it's ?", null])).toBe(
    "SELECT `a?`, '?\\'?' WHERE x = 'it\\'s ?' AND y = NULL",
  );
});

it.each([
  [['10.11.6-MariaDB-log', 'Debian 12', '1', '16777216', '0'], 'MariaDB', '10.11.6'],
  [['5.5.5-10.6.18-MariaDB', '', 'ON', '16777216', '0'], 'MariaDB', '10.6.18'],
  [['8.0.36-28.1', 'Percona Server (GPL)', '0', '67108864', '1'], 'MySQL', '8.0.36'],
  [['9.7.0', 'MySQL Community Server - GPL', '0', '67108864', '0'], 'MySQL', '9.7.0'],
])('knows the server that says %o', (row, flavour, version) => {
  expect(readServer(row)).toMatchObject({ flavour, version });
});

it.each(['5.7.44', '8.0.16', '10.5.9-MariaDB'])('refuses %s, which lacks exact collations', (version) => {
  expect(() => readServer([version, '', '1', '1', '0'])).toThrow('too old');
});
