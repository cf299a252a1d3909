import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine, Session } from '../../src/destination/contract.ts';
import { openMysql } from '../../src/destination/mysql/index.ts';
import { SqlDestination } from '../../src/destination/sql-destination.ts';
import { openSqlite } from '../../src/destination/sqlite/engine.ts';
import type { StreamIdentity, TableState } from '../../src/model/checkpoint.ts';
import type { Destination } from '../../src/model/destination.ts';
import { lsn } from '../../src/model/lsn.ts';
import type { Row } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb } from '../support/services.ts';

const people = relation('people', ['id int8', 'name text'], ['id']);
const stream: StreamIdentity = { slot: 'pg2any', systemId: '7300000000000000001' };
const state: TableState = {
  schema: 'public',
  name: 'people',
  oid: people.oid,
  state: 'copying',
  snapshot: lsn(100n),
  rows: 0,
};
const limits = { connectTimeoutMs: 10_000, queryTimeoutMs: 20_000 };

/** The same engine; `after` may hold a session up once it has committed. Nobody ends anybody's session. */
function heldUp(engine: Engine, after: () => Promise<void>): Engine {
  const wrap = (session: Session): Session =>
    new Proxy(session, {
      get(target, name) {
        if (name === 'evict') return async () => undefined;
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'commit') return value.bind(target);
        return async () => {
          await target.commit();
          await after();
        };
      },
    });
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'open') return async (token?: string) => wrap(await target.open(token));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function copied(destination: Destination, rows: readonly Row[]): Promise<void> {
  await destination.claim(stream);
  await destination.prepare(people);
  const copy = await destination.copy(people, state);
  await copy.write(rows);
  await copy.finish();
  await copy.close();
}

async function all(destination: Destination): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const chunk of destination.reader(people).scan(new AbortController().signal)) rows.push(...chunk);
  return rows;
}

/** The first instance freezes between saying that its copy begins and emptying the table. */
async function overtakenWhileStarting(open: () => Engine): Promise<void> {
  const second = new SqlDestination(
    heldUp(open(), async () => undefined),
    { autoCreateTables: true },
  );
  let overtake: (() => Promise<void>) | null = null;
  const first = new SqlDestination(
    heldUp(open(), async () => {
      const act = overtake;
      overtake = null;
      await act?.();
    }),
    { autoCreateTables: true },
  );
  try {
    await first.claim(stream);
    await first.begin(lsn(100n));
    await first.prepare(people);
    overtake = () => copied(second, [['1', 'of the second']]);
    await expect(first.copy(people, state)).rejects.toMatchObject({ code: 'FENCED' });
    expect(await all(second)).toEqual([['1', 'of the second']]);
  } finally {
    await first.close();
    await second.close();
  }
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pg2any-copy-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('does not empty a table that an instance which took over has filled meanwhile, on SQLite', async () => {
  const url = new URL(`sqlite://${join(folder, 'copy.db')}`);
  await overtakenWhileStarting(() => openSqlite({ url }));
});

await describeWith('on MariaDB', mariadb, (server) => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase(server);
  });
  afterEach(async () => {
    await database.drop();
  });

  it('does not empty a table that an instance which took over has filled meanwhile', async () => {
    await overtakenWhileStarting(() => openMysql({ url: new URL(database.url), ...limits }));
  });
});
