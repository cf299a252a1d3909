import type { DestinationOptions, ServerInfo } from '../../model/destination.ts';
import type { Dialect, Engine } from '../contract.ts';
import { type Address, readAddress } from './address.ts';
import { connect, rows } from './connection.ts';
import { describeTable } from './describe.ts';
import { mysqlDialect } from './dialect.ts';
import { mysqlError } from './errors.ts';
import { inspectServer } from './inspect.ts';
import { guessedServer, readServer, SERVER_SQL, type Server } from './server.ts';
import { MysqlSession } from './session.ts';

export type MysqlOptions = Pick<DestinationOptions, 'url' | 'connectTimeoutMs' | 'queryTimeoutMs' | 'rules'>;

/** One engine for both: what the server is, it says itself, whatever the URL's scheme. */
export function openMysql(options: MysqlOptions): Engine {
  const address = readAddress(options.url);
  let server = guessedServer(options.url.protocol === 'mariadb:' ? 'MariaDB' : 'MySQL');
  let dialect = mysqlDialect(server, options.rules);
  let known = false;
  const learn = async (): Promise<Server> => {
    server = await askServer(address, options);
    dialect = mysqlDialect(server, options.rules);
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
      const connection = await connect(address, options.connectTimeoutMs);
      const session = new MysqlSession(connection, server, address.shown, options.queryTimeoutMs);
      if (token !== undefined) await named(session, token);
      return session;
    },
    describe: (session, place) => describeTable(session, place, server),
    inspect: (session, relations) => inspectServer(session, relations, server),
    close: async () => {},
  };
}

async function askServer(address: Address, { connectTimeoutMs }: MysqlOptions): Promise<Server> {
  const connection = await connect(address, connectTimeoutMs);
  try {
    const [row] = await rows(connection, SERVER_SQL, connectTimeoutMs);
    return readServer(row ?? []);
  } catch (error) {
    throw mysqlError(error, address.shown);
  } finally {
    connection.destroy();
  }
}

async function named(session: MysqlSession, token: string): Promise<void> {
  try {
    await session.name(token);
  } catch (error) {
    await session.close();
    throw error;
  }
}

const serverInfo = ({ flavour, version, localInfile }: Server): ServerInfo => ({
  product: flavour,
  version,
  road: localInfile ? 'LOAD DATA LOCAL' : 'multi-row upserts (local_infile is off)',
});
