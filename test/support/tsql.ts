import { Connection, Request } from 'tedious';

/** A row as the server prints it; bytes in hexadecimal. */
export type TextRow = readonly (string | null)[];

interface Column {
  readonly value: unknown;
  readonly metadata: { readonly type: { readonly name: string }; readonly scale?: number };
}

/** A second way in that shares no code with the destination: one connection of the driver. */
export class Tsql {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** `sqlserver://user:password@host:port/database`, in clear text or with any certificate. */
  static async open(text: string): Promise<Tsql> {
    const url = new URL(text);
    const connection = new Connection({
      server: url.hostname,
      authentication: {
        type: 'default',
        options: { userName: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
      },
      options: {
        port: Number(url.port || 1433),
        database: decodeURIComponent(url.pathname.slice(1)),
        encrypt: url.searchParams.get('encrypt') !== 'false',
        trustServerCertificate: true,
        serverName: 'sqlserver',
        requestTimeout: 60_000,
      },
    });
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
    return new Tsql(connection);
  }

  async exec(sql: string): Promise<void> {
    await this.#ask(sql);
  }

  /** A plain SELECT. The driver would round decimals and shift dates, so that the server is asked for their text. */
  async query(sql: string): Promise<TextRow[]> {
    const match = /^SELECT ([\s\S]+?) FROM ([\s\S]+)$/.exec(sql);
    const rows = await this.#ask(sql);
    const found = rows[0]?.map(({ metadata }) => metadata) ?? [];
    const types = found.map(({ type }) => type.name);
    if (!match || !types.some((type) => type in CONVERTED))
      return rows.map((row) => row.map(({ value }) => plain(value)));
    const columns = (match[1] ?? '').split(/, (?=\[|[A-Z]+\(|\w+$|\w+,)/);
    const list = columns.map((column, i) => CONVERTED[types[i] ?? '']?.(column) ?? column);
    return (await this.#ask(`SELECT ${list.join(', ')} FROM ${match[2]}`)).map((row) =>
      row.map(({ value }, i) => {
        const text = plain(value);
        return text !== null && SECONDS.has(types[i] ?? '') ? withDigits(text, found[i]?.scale ?? 0) : text;
      }),
    );
  }

  close(): void {
    this.#connection.close();
  }

  #ask(sql: string): Promise<Column[][]> {
    const rows: Column[][] = [];
    return new Promise((resolve, reject) => {
      const request = new Request(sql, (error) => (error ? reject(error) : resolve(rows)));
      request.on('row', (columns: Column[]) => rows.push(columns));
      this.#connection.execSqlBatch(request);
    });
  }
}

const cast = (column: string): string => `CAST(${column} AS nvarchar(max))`;
const dated = (column: string): string => `CONVERT(nvarchar(64), ${column}, 121)`;
const float = (column: string): string => `LTRIM(RTRIM(CONVERT(nvarchar(64), ${column}, 3)))`;

const SECONDS: ReadonlySet<string> = new Set(['Time', 'DateTime2', 'DateTimeOffset']);

/** The fraction of a second with the digits that the column has: not every server prints just these. */
function withDigits(text: string, digits: number): string {
  const [, before = text, fraction = '', after = ''] =
    /^((?:[\d-]+ )?\d\d:\d\d:\d\d)(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  if (/[1-9]/.test(fraction.slice(digits))) return text;
  return `${before}${digits > 0 ? `.${fraction.padEnd(digits, '0').slice(0, digits)}` : ''}${after}`;
}

const CONVERTED: Readonly<Record<string, (column: string) => string>> = {
  DecimalN: cast,
  NumericN: cast,
  Decimal: cast,
  Numeric: cast,
  Date: dated,
  Time: dated,
  DateTime2: dated,
  DateTimeOffset: dated,
  DateTimeN: dated,
  Real: float,
  Float: float,
  FloatN: float,
};

function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}
