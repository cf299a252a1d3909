import type { DestinationOptions, ServerInfo } from '../../model/destination.ts';
import type { Dialect, Engine } from '../contract.ts';
import { type Address, readAddress } from './address.ts';
import { batch, connect } from './connection.ts';
import { describeTable } from './describe.ts';
import { sqlServerDialect } from './dialect.ts';
import { sqlServerError } from './errors.ts';
import { inspectServer } from './inspect.ts';
import { GUESSED, readServer, SERVER_SQL, type Server } from './server.ts';
import { SqlServerSession } from './session.ts';

export type SqlServerOptions = Pick<DestinationOptions, 'url' | 'connectTimeoutMs' | 'queryTimeoutMs' | 'rules'>;

/** The program's name at the server, where a session belongs to nobody in particular. */
const PROGRAM = 'pg2any';

export function openSqlServer(options: SqlServerOptions): Engine {
  const address = readAddress(options.url);
  let dialect = sqlServerDialect(GUESSED, options.rules);
  let known = false;
  const learn = async (): Promise<Server> => {
    const server = await askServer(address, options);
    dialect = sqlServerDialect(server, options.rules);
    known = true;
    return server;
  };
  return {
    get dialect(): Dialect {
      return dialect;
    },
    singleWriter: false,
    connect: async () => serverInfo(await learn()),
    async open(token) {
      if (!known) await learn();
      const connection = await connect(address, options.connectTimeoutMs, token ?? PROGRAM);
      return new SqlServerSession(connection, address.shown, options.queryTimeoutMs);
    },
    describe: describeTable,
    inspect: inspectServer,
    close: async () => {},
  };
}

async function askServer(address: Address, { connectTimeoutMs }: SqlServerOptions): Promise<Server> {
  const connection = await connect(address, connectTimeoutMs, PROGRAM);
  try {
    const { rows } = await batch(connection, SERVER_SQL);
    return readServer(rows[0] ?? []);
  } catch (error) {
    throw sqlServerError(error, address.shown);
  } finally {
    connection.close();
  }
}

const serverInfo = ({ product, version }: Server): ServerInfo => ({
  product,
  version,
  road: 'bulk load into a staging table',
});
