/** Owns a PostgreSQL until it is killed: see embedded-postgres.test.ts. */
import { startEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';

const { pid, dataDir } = await startEmbeddedPostgres();
console.log(JSON.stringify({ pid, dataDir }));
setInterval(() => undefined, 60_000);
