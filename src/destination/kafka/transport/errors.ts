import { Pg2anyError } from '../../../model/error.ts';
import type { Code } from '../../../model/error-codes.ts';

/** https://kafka.apache.org/protocol#protocol_error_codes, by kafkajs' names. */
const TYPES: readonly (readonly [code: Code, types: readonly string[]])[] = [
  [
    'DESTINATION_AUTH',
    ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE', 'INVALID_REQUEST_TIMEOUT'],
  ],
  [
    'DESTINATION_PRIVILEGE',
    [
      'TOPIC_AUTHORIZATION_FAILED',
      'GROUP_AUTHORIZATION_FAILED',
      'CLUSTER_AUTHORIZATION_FAILED',
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    ],
  ],
  ['VALUE_REFUSED', ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']],
  ['DESTINATION_FULL', ['KAFKA_STORAGE_ERROR']],
  [
    'DESTINATION_UNSUITABLE',
    [
      'INVALID_TRANSACTION_TIMEOUT',
      'UNSUPPORTED_VERSION',
      'UNSUPPORTED_FOR_MESSAGE_FORMAT',
      'INVALID_REPLICATION_FACTOR',
      'KafkaJSServerDoesNotSupportApiKey',
    ],
  ],
  ['TABLE_MISSING', ['INVALID_TOPIC_EXCEPTION']],
];

const BY_TYPE: ReadonlyMap<string, Code> = new Map(
  TYPES.flatMap(([code, types]) => types.map((type) => [type, code] as const)),
);

/** By the error's type, or by kafkajs' name where the broker said nothing. */
const HINTS: Readonly<Record<string, string>> = {
  ILLEGAL_SASL_STATE:
    'The listener takes no login: leave user and password out of the URL, or use the port of a listener with SASL.',
  UNSUPPORTED_SASL_MECHANISM: 'Set kafka.saslMechanism to one that the listener has.',
  COORDINATOR_NOT_AVAILABLE:
    'Right after a start it passes. A cluster with less than three brokers needs transaction.state.log.replication.factor and transaction.state.log.min.isr set to what it has; kafka.delivery: at-least-once needs no transactions.',
  KafkaJSServerDoesNotSupportApiKey:
    'The brokers have no transactions: set kafka.delivery to at-least-once. After a failure events may come again then.',
  KafkaJSConnectionClosedError:
    'Check that the port is one of Kafka, and that kafka.securityProtocol is what its listener speaks: one with TLS closes plain connections.',
  INVALID_TRANSACTION_TIMEOUT:
    'Lower kafka.transactionTimeout to what the brokers take, or raise their transaction.max.timeout.ms.',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    'Grant the user WRITE and DESCRIBE on the transactional id, which is the slot.',
  GROUP_AUTHORIZATION_FAILED: 'Grant the user READ on consumer groups that begin with pg2any.',
  TOPIC_AUTHORIZATION_FAILED:
    'Grant the user WRITE, DESCRIBE and CREATE on the topics, and READ on the checkpoint topic.',
  MESSAGE_TOO_LARGE: 'Lower kafka.maxMessageBytes to what the topics take, or raise max.message.bytes there.',
};

/** What Node and OpenSSL say of certificates, and what helps. The first that fits counts. */
const TLS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /alert (certificate required|bad certificate|unknown ca)/i,
    'The broker demands a certificate of ours: set kafka.sslCert and kafka.sslKey to one that it knows.',
  ],
  [/altnames/i, "Name the broker as its certificate does, in the URL and in the broker's advertised.listeners."],
  [/certificate has expired|certificate is not yet valid/i, "Renew the broker's certificate, or correct a clock."],
  [/certificate/i, "Set kafka.sslCa to a PEM file with the authority that signed the brokers' certificates."],
];

/** The innermost error that says what is wrong: kafkajs wraps what it retried. */
function innermost(error: unknown): { type: string; name: string; message: string } {
  let one = error as { type?: unknown; name?: unknown; message?: unknown; cause?: unknown } | undefined;
  const aggregate = (error as { errors?: unknown[] } | null)?.errors?.[0];
  if (aggregate) return innermost(aggregate);
  while (one?.type === undefined && one?.cause) one = one.cause as typeof one;
  return { type: String(one?.type ?? ''), name: String(one?.name ?? ''), message: String(one?.message ?? error) };
}

/**
 * Anything kafkajs threw, classified. What the broker may say differently next time, a producer that was fenced
 * included, is worth a new connection: whoever makes one sees by the checkpoint topic whether another one took over.
 */
export function kafkaError(error: unknown, doing: string): Pg2anyError {
  if (error instanceof Pg2anyError) return error;
  const { type, name, message } = innermost(error);
  const tls = TLS.find(([pattern]) => pattern.test(message))?.[1];
  const refused = tls !== undefined || name === 'KafkaJSSASLAuthenticationError' || /SASL/i.test(message);
  const code = BY_TYPE.get(type) ?? BY_TYPE.get(name) ?? (refused ? 'DESTINATION_AUTH' : 'DESTINATION_UNREACHABLE');
  const hint = HINTS[type] ?? HINTS[name] ?? tls;
  return new Pg2anyError(code, `Kafka, ${doing}: ${message}`, { cause: error, ...(hint ? { hint } : {}) });
}

/** Does `work`; what kafkajs throws becomes a Pg2anyError. */
export async function asking<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw kafkaError(error, doing);
  }
}
