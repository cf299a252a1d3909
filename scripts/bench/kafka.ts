import { type PrivateKafka, startKafka } from '../../test/support/kafka.ts';
import { client } from '../../test/support/kafka-reader.ts';
import type { Measured } from './child.ts';
import { type Line, median } from './ratio.ts';
import { measure, perSecond } from './runs.ts';
import type { Servers } from './servers.ts';
import { Workload } from './workload.ts';

/** As the product sends a backlog: rows of a batch, and bytes of a request. */
const BATCH = 10_000;
const REQUEST = 1_000_000;

interface Round {
  readonly product: Measured;
  readonly alone: Measured;
}

/** Topics that the next run of kafkajs alone writes. */
async function makeTopics(kafka: PrivateKafka, to: string): Promise<void> {
  const admin = client(kafka.broker).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: to, numPartitions: 3 }, { topic: `${to}.checkpoint` }] });
  await admin.disconnect();
}

async function rounds(servers: Servers, kafka: PrivateKafka, events: number, count: number): Promise<Round[]> {
  const work = await Workload.connect(servers.source);
  const from = await work.reset();
  await work.inserts(events);
  const until = await work.position();
  const result: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${count}\n`);
    const slot = `kafka_${round}`;
    await work.slot(slot);
    const { source } = servers;
    const destination = `${kafka.url}/product_${round}`;
    const product = await measure({ mode: 'replicate', source, destination, slot, from, until });
    await work.drop(slot);
    const to = `alone_${round}`;
    await makeTopics(kafka, to);
    const topic = `product_${round}.public.item`;
    const sent = { broker: kafka.broker, topic, to, events, batch: BATCH, request: REQUEST };
    result.push({ product, alone: await measure({ mode: 'kafka', ...sent }) });
  }
  await work.close();
  return result;
}

const k = (value: number): string => `${(value / 1000).toFixed(1)}k/s`;

/** Inserts as events, against kafkajs sending the same bytes. Without Java or a broker it says so, and measures nothing. */
export async function kafkaLines(servers: Servers, events: number, count: number): Promise<Line[]> {
  let kafka: PrivateKafka;
  try {
    kafka = await startKafka();
  } catch (error) {
    process.stderr.write(`*** SKIPPED: Kafka: ${(error as Error).message}\n`);
    return [];
  }
  process.stderr.write('Kafka\n');
  try {
    const found = await rounds(servers, kafka, events, count);
    const each = (of: keyof Round): number => median(found.map((round) => perSecond(round[of])));
    return [
      {
        what: 'Kafka, inserts ÷ kafkajs alone',
        value: median(found.map(({ product, alone }) => perSecond(product) / perSecond(alone))),
        unit: 'ratio',
        target: 0.7,
        atLeast: true,
        detail: `${k(each('product'))} ÷ ${k(each('alone'))}`,
      },
    ];
  } finally {
    await kafka.stop();
  }
}
