import { Pg2anyError } from '../../model/error.ts';

export type Flavour = 'MySQL' | 'MariaDB';

/** What a server said about itself when we connected. */
export interface Server {
  readonly flavour: Flavour;
  /** `10.11.6`, without what distributions add. */
  readonly version: string;
  readonly localInfile: boolean;
  /** Bytes. */
  readonly maxAllowedPacket: number;
  /** Whether the case of table names matters (`lower_case_table_names = 0`). */
  readonly tableCase: boolean;
  /** The connection's own database; null without one. */
  readonly database: string | null;
}

/** Before the first connection: what the URL's scheme says, and the defaults of such a server. */
export const guessedServer = (flavour: Flavour): Server => ({
  flavour,
  version: '',
  localInfile: flavour === 'MariaDB',
  maxAllowedPacket: 16 * 1024 * 1024,
  tableCase: true,
  database: null,
});

/** Exact, case-sensitive and without padding: the only kind that keeps all PostgreSQL keys apart. */
export const COLLATION: Readonly<Record<Flavour, string>> = {
  MySQL: 'utf8mb4_0900_bin',
  MariaDB: 'utf8mb4_nopad_bin',
};

/** The first versions with these collations and everything else that is used. */
const OLDEST: Readonly<Record<Flavour, readonly [number, number, number]>> = {
  MySQL: [8, 0, 17],
  MariaDB: [10, 6, 0],
};

export const SERVER_SQL = `SELECT VERSION(), @@version_comment, @@local_infile, @@max_allowed_packet,
  @@lower_case_table_names, DATABASE()`;

/** The answer to SERVER_SQL. Throws DESTINATION_UNSUITABLE where the server is too old. */
export function readServer(row: readonly (string | null)[]): Server {
  const [full = '', comment, localInfile, maxAllowedPacket, tableCase, database] = row;
  const flavour: Flavour = /mariadb/i.test(`${full} ${comment}`) ? 'MariaDB' : 'MySQL';
  const version = /(\d+)\.(\d+)\.(\d+)(?=$|-MariaDB)/i.exec(full ?? '') ?? /(\d+)\.(\d+)\.(\d+)/.exec(full ?? '');
  const numbers = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0), Number(version?.[3] ?? 0)];
  if (older(numbers, OLDEST[flavour]))
    throw new Pg2anyError('DESTINATION_UNSUITABLE', `${flavour} ${full} is too old`, {
      hint: `Use ${flavour} ${OLDEST[flavour].join('.')} or newer.`,
    });
  return {
    flavour,
    version: numbers.join('.'),
    localInfile: localInfile === '1' || localInfile === 'ON',
    maxAllowedPacket: Number(maxAllowedPacket),
    tableCase: tableCase === '0',
    database: database ?? null,
  };
}

function older(version: readonly number[], oldest: readonly number[]): boolean {
  const at = oldest.findIndex((number, i) => version[i] !== number);
  return at >= 0 && (version[at] ?? 0) < (oldest[at] ?? 0);
}
