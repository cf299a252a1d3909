import { connect as dial } from 'node:net';
import { Connection, type ConnectionConfiguration, Request } from 'tedious';

export interface Answer {
  readonly rowCount: number;
  readonly rows: readonly (readonly unknown[])[];
}

type Options = NonNullable<ConnectionConfiguration['options']>;

export interface Login {
  readonly port: number;
  readonly password?: string;
  readonly options?: Options;
  readonly authentication?: ConnectionConfiguration['authentication'];
}

const standard = (password: string): NonNullable<ConnectionConfiguration['authentication']> => ({
  type: 'default',
  options: { userName: 'sa', password },
});

/** The driver, not logged in yet. */
export function driver({ port, password = 'secret', options, authentication }: Login): Connection {
  return new Connection({
    server: '127.0.0.1',
    authentication: authentication ?? standard(password),
    options: {
      port,
      encrypt: false,
      connector: async () => dial({ host: '127.0.0.1', port, noDelay: true }),
      ...options,
    },
  });
}

export async function loggedIn(connection: Connection): Promise<Connection> {
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  // Without a listener a lost connection ends the process.
  connection.on('error', () => undefined);
  return connection;
}

export const login = async (facts: Login): Promise<Connection> => await loggedIn(driver(facts));

type Send = 'execSqlBatch' | 'execSql' | 'callProcedure';

/** Sends SQL or a procedure call; `prepare` may add parameters. */
export function ask(
  connection: Connection,
  sql: string,
  how: Send = 'execSqlBatch',
  prepare: (request: Request) => void = () => undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const rows: unknown[][] = [];
    const request = new Request(sql, (error, rowCount) =>
      error ? reject(error) : resolve({ rowCount: rowCount ?? 0, rows }),
    );
    request.on('row', (columns: readonly { value: unknown }[]) => rows.push(columns.map((column) => column.value)));
    prepare(request);
    connection[how](request);
  });
}

/** A connection to an instance whose port the driver has to ask for. */
export const namedInstance = (instanceName: string): Connection =>
  new Connection({
    server: '127.0.0.1',
    authentication: standard('secret'),
    options: { instanceName, encrypt: false },
  });
