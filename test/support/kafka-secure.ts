import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../../src/demo/run-tool.ts';

/** Listeners with TLS: one with a login, one that demands a certificate. */
export interface SecureListeners {
  /** SASL_SSL, for `alice` with `alice-secret`. */
  readonly sasl: string;
  /** SSL with client authentication. */
  readonly mutual: string;
  /** PEM files: the authority of all certificates, one that signed none, and a certificate of ours with its key. */
  readonly files: { readonly ca: string; readonly otherCa: string; readonly cert: string; readonly key: string };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

const authority = (folder: string, name: string): Promise<string> =>
  runTool('openssl', [
    ...['req', '-x509', ...NEW_KEY, '-subj', `/CN=${name}`],
    ...['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)],
  ]);

async function signed(folder: string, name: string, ca: string): Promise<void> {
  const [key, request, file] = ['key', 'csr', 'pem'].map((end) => join(folder, `${name}.${end}`));
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  await runTool('openssl', [
    ...['req', '-new', ...NEW_KEY.slice(0, -2), '-subj', `/CN=${name}`, '-addext', names],
    ...['-keyout', `${key}`, '-out', `${request}`],
  ]);
  const by = ['-CA', join(folder, `${ca}.pem`), '-CAkey', join(folder, `${ca}.key`), '-CAcreateserial'];
  const more = ['-days', '2', '-copy_extensions', 'copy'];
  await runTool('openssl', ['x509', '-req', '-in', `${request}`, ...by, ...more, '-out', `${file}`]);
}

export const SCRAM_USERS = ['256', '512'].flatMap((size) => [
  '--add-scram',
  `SCRAM-SHA-${size}=[name=alice,password=alice-secret]`,
]);

/** Makes the certificates. Ports must be free. */
export async function secureListeners(
  folder: string,
  [sasl, mutual]: readonly [number, number],
): Promise<{ readonly listeners: SecureListeners; readonly properties: Readonly<Record<string, string>> }> {
  await Promise.all([authority(folder, 'ca'), authority(folder, 'other')]);
  await Promise.all([signed(folder, 'server', 'ca'), signed(folder, 'ours', 'ca')]);
  const store = join(folder, 'server.p12');
  const pair = ['-inkey', join(folder, 'server.key'), '-in', join(folder, 'server.pem')];
  await runTool('openssl', ['pkcs12', '-export', ...pair, '-out', store, '-passout', 'pass:store-secret']);
  const listeners: SecureListeners = {
    ...{ sasl: `127.0.0.1:${sasl}`, mutual: `127.0.0.1:${mutual}` },
    files: {
      ...{ ca: join(folder, 'ca.pem'), otherCa: join(folder, 'other.pem') },
      ...{ cert: join(folder, 'ours.pem'), key: join(folder, 'ours.key') },
    },
  };
  return { listeners, properties: properties(store, readFileSync(listeners.files.ca, 'utf8')) };
}

const LOGIN = 'org.apache.kafka.common.security';

const properties = (store: string, ca: string): Readonly<Record<string, string>> => ({
  'ssl.keystore.type': 'PKCS12',
  'ssl.keystore.location': store,
  'ssl.keystore.password': 'store-secret',
  'ssl.key.password': 'store-secret',
  'listener.name.ssl.ssl.client.auth': 'required',
  'listener.name.ssl.ssl.truststore.type': 'PEM',
  'listener.name.ssl.ssl.truststore.certificates': ca.trim().replaceAll('\n', '\\n'),
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.sasl_ssl.plain.sasl.jaas.config': `${LOGIN}.plain.PlainLoginModule required user_alice="alice-secret";`,
  'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': `${LOGIN}.scram.ScramLoginModule required;`,
  'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${LOGIN}.scram.ScramLoginModule required;`,
});
