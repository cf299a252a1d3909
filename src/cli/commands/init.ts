import { EXIT } from '../../model/error-codes.ts';
import { KAFKA_FORMATS, KAFKA_SECURITY } from '../../model/kafka.ts';
import type { Command, Context } from '../command.ts';

async function run(context: Context): Promise<number> {
  const { flags, folder, io } = context;
  if (flags.yes !== true) {
    const { Pg2anyError } = await import('../../model/error.ts');
    throw new Pg2anyError('CONFIG_INVALID', 'init writes files from its flags and asks nothing: it needs --yes', {
      hint: 'Add --yes; or run pg2any alone, which asks step by step.',
    });
  }
  const { answersOf } = await import('../init-answers.ts');
  const { writeSetup } = await import('../setup-files.ts');
  const { files, warnings } = await writeSetup(folder, answersOf(context), flags.force === true);
  const { out, err } = io.style;
  for (const file of files) io.out(`${out.ok(out.symbols.ok)} ${file}`);
  for (const warning of warnings) io.err(`${err.warn(err.symbols.warn)} ${warning}`);
  io.err('Next: pg2any check shows what stands in the way, pg2any replicate starts.');
  return EXIT.ok;
}

export const init: Command = {
  name: 'init',
  about: [
    'Writes pg2any.yaml and .env into this folder, the same files as the wizard, without asking and without connecting. Passwords are written into .env only, which nobody else may read.',
    'Passwords in the URLs of a command line can be seen by others on the machine: leave them out, and set PG2ANY_SOURCE_PASSWORD, PG2ANY_DEST_PASSWORD, PG2ANY_MIRROR_PASSWORD and PG2ANY_REGISTRY_PASSWORD.',
  ],
  usage: 'pg2any init --yes --source URL --dest URL  [OPTIONS]',
  flags: [
    { name: 'yes', doc: 'Write without asking' },
    { name: 'source', value: 'URL', doc: 'PostgreSQL to read from: postgres://user@host:5432/database' },
    {
      name: 'dest',
      value: 'URL',
      doc: 'Where the copy goes: mysql://user@host:3306/database, sqlite:./copy.db, kafka://host:9092/prefix',
    },
    { name: 'dest-type', value: 'TYPE', doc: 'Kind of destination, where its URL does not tell' },
    { name: 'mirror', value: 'URL', doc: 'Kafka beside a database: kafka://host:9092/topic-prefix' },
    { name: 'kafka-security', value: 'NAME', doc: `How Kafka is spoken to: ${KAFKA_SECURITY.join(', ')}` },
    { name: 'kafka-format', value: 'NAME', doc: `How events are written: ${KAFKA_FORMATS.join(', ')}` },
    {
      name: 'kafka-registry',
      value: 'URL',
      doc: 'Schema registry for Avro or JSON Schema: http://user@registry:8081; without it events are JSON',
    },
    { name: 'kafka-encoding', value: 'avro|json-schema', doc: 'What events are with a registry' },
    { name: 'tables', value: 'LIST', doc: 'Tables as schema.table, separated by commas; without it every table' },
    { name: 'slot', value: 'NAME', doc: 'Replication slot; without it pg2any_ and the source database' },
    { name: 'publication', value: 'NAME', doc: 'Publication; without it pg2any_ and the source database' },
    { name: 'schema-mapping', value: 'PAIRS', doc: 'Source schema to destination schema: public:shop,sales:sales' },
    { name: 'snapshot', value: 'initial|never|only', doc: 'Copy first (initial), only stream, or only copy' },
    { name: 'schema-changes', value: 'apply|stop|ignore', doc: 'What happens when source tables change' },
    { name: 'policy', value: 'error|null|clamp|text', doc: 'What becomes of values the destination cannot hold' },
    { name: 'force', doc: 'Replace files that are there' },
  ],
  examples: [
    { run: 'pg2any init --yes --source postgres://shop@db/shop --dest sqlite:./shop.sqlite', doc: 'every table' },
    {
      run: 'pg2any init --yes --source "$SOURCE" --dest "$DEST" --tables orders,customers',
      doc: 'two of them, URLs from variables',
    },
    {
      run: 'pg2any init --yes --source "$SOURCE" --dest "$DEST" --mirror kafka://kafka:9092/shop',
      doc: 'a database, and every change to Kafka too',
    },
  ],
  run,
};
