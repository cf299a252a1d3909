import { text } from './kinds.ts';
import { setting } from './setting.ts';

/** TLS to the brokers; the broker's certificate is always verified. */
export const TLS_SETTINGS = {
  'kafka.sslCa': setting({
    kind: text,
    env: ['CDC_KAFKA_SSL_CA'],
    fallback: null,
    fallbackText: 'the authorities that Node knows',
    doc: "PEM file with the authorities that the brokers' certificates are verified by.",
  }),
  'kafka.sslCert': setting({
    kind: text,
    env: ['CDC_KAFKA_SSL_CERT'],
    fallback: null,
    doc: 'PEM file with a certificate of ours, for brokers that demand one; `kafka.sslKey` goes with it.',
  }),
  'kafka.sslKey': setting({
    kind: text,
    env: ['CDC_KAFKA_SSL_KEY'],
    fallback: null,
    doc: 'PEM file with the private key of `kafka.sslCert`.',
  }),
};
