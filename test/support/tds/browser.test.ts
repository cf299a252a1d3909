import { expect, it } from 'vitest';
import { InstanceBrowser } from './browser.ts';
import { loggedIn, namedInstance } from './client.ts';
import { TdsServer } from './server.ts';

it('leads a client to the named instance that it asks for, whatever the case', async () => {
  const [one, two] = [await TdsServer.start(), await TdsServer.start()];
  const browser = await InstanceBrowser.start({ SQLEXPRESS: one.port, SALES: two.port });
  const connection = await loggedIn(namedInstance('sales'));
  expect(one.received).toEqual([]);
  expect(two.received.map(({ kind }) => kind)).toEqual(['prelogin', 'login', 'settings']);
  connection.close();
  for (const closing of [one, two, browser]) await closing.close();
});
