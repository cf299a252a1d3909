/** `pg2any_` and the database, as a slot may be named. */
export const defaultName = (database: string): string =>
  `pg2any_${database.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`.slice(0, 63);
