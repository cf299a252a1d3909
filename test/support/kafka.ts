import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { cached } from '../../src/demo/cache.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { runTool } from '../../src/demo/run-tool.ts';
import { handOver, makeServerFolder } from '../../src/demo/server-folder.ts';
import { removeFolder, type ServerProcess, startServer } from '../../src/demo/server-process.ts';
import { type ServerUser, serverUser } from '../../src/demo/server-user.ts';
import { SCRAM_USERS, type SecureListeners, secureListeners } from './kafka-secure.ts';

export type KafkaVersion = '3.9.1' | '4.1.0';

/** A private broker: one node that is its own controller (KRaft), own data folder, loopback only. */
export interface PrivateKafka {
  /** `kafka://127.0.0.1:port` */
  readonly url: string;
  readonly broker: string;
  readonly version: KafkaVersion;
  readonly pid: number;
  /** What Kafka's own code reads in the only partition of each of these topics: batches, records and their payloads. */
  dump(topics: readonly string[]): Promise<string>;
  /** kill -9; start() recovers. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** For good: removes everything. */
  stop(): Promise<void>;
}

const POM = (version: string): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>pg2any</groupId><artifactId>broker</artifactId><version>1</version>
<packaging>pom</packaging><dependencies><dependency><groupId>org.apache.kafka</groupId>
<artifactId>kafka_2.13</artifactId><version>${version}</version></dependency></dependencies></project>`;

/** The broker and what it needs, fetched once by Maven. */
const libraries = (version: KafkaVersion): Promise<string> =>
  cached(`kafka-${version}`, async (folder) => {
    writeFileSync(join(folder, 'pom.xml'), POM(version));
    const goals = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
    await runTool('mvn', ['-B', '-q', ...goals], { cwd: folder });
  });

const addresses = (port: number, secure: SecureListeners | null): string[] => [
  `PLAINTEXT://127.0.0.1:${port}`,
  ...(secure ? [`SASL_SSL://${secure.sasl}`, `SSL://${secure.mutual}`] : []),
];

const PROPERTIES = (
  folder: string,
  port: number,
  controller: number,
  secure: SecureListeners | null,
): Readonly<Record<string, string>> => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${controller}`,
  'controller.listener.names': 'CONTROLLER',
  listeners: [...addresses(port, secure), `CONTROLLER://127.0.0.1:${controller}`].join(),
  'advertised.listeners': addresses(port, secure).join(),
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL',
  'log.dirs': join(folder, 'data'),
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '1',
  'group.initial.rebalance.delay.ms': '0',
  'num.partitions': '3',
  'auto.create.topics.enable': 'false',
  // a killed broker may come back only when its session has ended
  'broker.session.timeout.ms': '4000',
  'broker.heartbeat.interval.ms': '500',
});

/** The same broker with TLS and logins beside what is in the clear. */
export async function startSecureKafka(): Promise<PrivateKafka & { readonly secure: SecureListeners }> {
  let listeners: SecureListeners | null = null;
  const kafka = await startKafka('4.1.0', async (folder) => {
    const made = await secureListeners(folder, [await freePort(), await freePort()]);
    listeners = made.listeners;
    return made;
  });
  if (!listeners) throw new Error('no secure listeners');
  return { ...kafka, secure: listeners };
}

type Securing = (folder: string) => ReturnType<typeof secureListeners>;

export async function startKafka(version: KafkaVersion = '4.1.0', securing?: Securing): Promise<PrivateKafka> {
  const jars = await libraries(version);
  const user = serverUser(['nobody']);
  const folder = makeServerFolder(user);
  const [port, controller] = [await freePort(), await freePort()];
  const file = join(folder, 'server.properties');
  const java = ['-Xmx384m', '-Xshare:auto', '-XX:+UseSerialGC', '-cp', join(jars, '*')];
  try {
    const secured = await securing?.(folder);
    const all = { ...PROPERTIES(folder, port, controller, secured?.listeners ?? null), ...secured?.properties };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(file, lines.join(''));
    await handOver(folder, user);
    const format = [
      'kafka.tools.StorageTool',
      'format',
      '-t',
      'cGcyYW55LWthZmthLXRlcw',
      '-c',
      file,
      ...(secured ? SCRAM_USERS : []),
    ];
    await runTool('java', [...java, ...format], { cwd: folder, ...account(user) });
    const launch = (): Promise<ServerProcess> =>
      startServer({
        ...{ command: 'java', args: [...java, 'kafka.Kafka', file], folder, user },
        ready: () => answers(`127.0.0.1:${port}`),
      });
    let server = await launch();
    return {
      url: `kafka://127.0.0.1:${port}`,
      broker: `127.0.0.1:${port}`,
      version,
      get pid() {
        return server.pid;
      },
      async dump(topics) {
        const files = topics.map((topic) => join(folder, 'data', `${topic}-0`, '00000000000000000000.log'));
        const options = ['--print-data-log', '--deep-iteration', '--files', files.join(',')];
        const tool = ['kafka.tools.DumpLogSegments', ...options];
        return await runTool('java', [...java, ...tool], { cwd: folder, ...account(user) });
      },
      kill: () => server.end('SIGKILL'),
      async start() {
        server = await launch();
      },
      async stop() {
        await server.end('SIGKILL');
        removeFolder(folder);
      },
    };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

const account = (user: ServerUser | null) => (user ? { uid: user.uid, gid: user.gid } : {});

async function answers(broker: string): Promise<boolean> {
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
