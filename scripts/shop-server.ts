import pg from 'pg';
import { createShop } from '../src/demo/shop.ts';

/** A connection for some work. */
export async function connected(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** The demo's shop in a database of its own. */
export async function fillShop(server: string, url: string): Promise<void> {
  await connected(server, (client) => client.query('CREATE DATABASE shop'));
  await connected(url, createShop);
}
