import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Pg2anyError } from '../../../model/error.ts';
import type { KafkaSettings } from '../../../model/kafka.ts';

type Files = Pick<KafkaSettings, 'security' | 'sslCa' | 'sslCert' | 'sslKey'>;

/** False where the connection is in the clear. The broker's certificate is always verified. Throws CONFIG_INVALID. */
export function tlsOptions({ security, sslCa, sslCert, sslKey }: Files): ConnectionOptions | false {
  if ((sslCert === null) !== (sslKey === null)) throw invalid('kafka.sslCert and kafka.sslKey belong together');
  const files = {
    ca: pem('kafka.sslCa', sslCa),
    cert: pem('kafka.sslCert', sslCert),
    key: pem('kafka.sslKey', sslKey),
  };
  const given = Object.entries(files).filter(([, text]) => text !== null);
  if (security.endsWith('ssl')) return Object.fromEntries(given);
  if (given.length > 0)
    throw invalid(`kafka.sslCa and kafka.sslCert need TLS, but kafka.securityProtocol is ${security}`);
  return false;
}

/** The text of a file that a setting names. Throws CONFIG_INVALID. */
export function pem(name: string, path: string | null): string | null {
  if (path === null) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(`the file of ${name} cannot be read: ${(error as Error).message}`);
  }
}

const invalid = (message: string): Pg2anyError => new Pg2anyError('CONFIG_INVALID', message);
