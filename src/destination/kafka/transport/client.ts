import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { Pg2anyError } from '../../../model/error.ts';
import type { KafkaSettings } from '../../../model/kafka.ts';
import { tlsOptions } from './tls.ts';

export interface Address {
  /** Password included. */
  readonly url: URL;
  readonly connectTimeoutMs: number;
  readonly queryTimeoutMs: number;
}

/**
 * A few tries within one operation, for about five seconds; after that the pipeline decides. The first comes soon: right
 * after a commit the broker still writes its markers, and refuses the next transaction for some milliseconds.
 */
export const RETRY = { retries: 9, initialRetryTime: 10, maxRetryTime: 2000 };

/** The brokers of the URL and the settings, each once. */
export function brokersOf(url: URL, more: readonly string[]): string[] {
  const first = `${decodeURIComponent(url.hostname)}:${url.port || 9092}`;
  return [...new Set([first, ...more])];
}

function saslOf(url: URL, { security, mechanism }: KafkaSettings): SASLOptions | undefined {
  if (!security.startsWith('sasl') && url.username === '') return undefined;
  if (url.username === '')
    throw new Pg2anyError(
      'CONFIG_INVALID',
      `kafka.securityProtocol is ${security}, but the destination URL has no user`,
      {
        hint: 'Write it as kafka://user:password@host:9092.',
      },
    );
  const login = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  return { mechanism, ...login };
}

/** A client that says nothing by itself: errors are ours to tell. */
export function openClient({ url, connectTimeoutMs, queryTimeoutMs }: Address, settings: KafkaSettings): Kafka {
  const sasl = saslOf(url, settings);
  const config: KafkaConfig = {
    clientId: 'pg2any',
    brokers: brokersOf(url, settings.brokers),
    ssl: tlsOptions(settings),
    connectionTimeout: connectTimeoutMs,
    authenticationTimeout: connectTimeoutMs,
    requestTimeout: Math.min(queryTimeoutMs, 30_000),
    retry: RETRY,
    logLevel: kafkajs.logLevel.NOTHING,
    ...(sasl ? { sasl } : {}),
  };
  return new kafkajs.Kafka(config);
}
