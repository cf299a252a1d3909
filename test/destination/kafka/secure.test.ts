import { afterAll, afterEach, expect, it } from 'vitest';
import { drivers } from '../../../src/destination/registry.ts';
import type { Destination } from '../../../src/model/destination.ts';
import { DEFAULT_KAFKA, type KafkaSettings } from '../../../src/model/kafka.ts';
import { lsn } from '../../../src/model/lsn.ts';
import { startSecureKafka } from '../../support/kafka.ts';
import { relation } from '../../support/relations.ts';
import { describeWith } from '../../support/services.ts';

await describeWith('Kafka with TLS and logins', startSecureKafka, (kafka) => {
  const opened: Destination[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  afterAll(() => kafka.stop());
  const { sasl, mutual, files } = kafka.secure;

  async function open(address: string, more: Partial<KafkaSettings>): Promise<Destination> {
    const driver = drivers.find(({ type }) => type === 'kafka');
    if (!driver) throw new Error('no driver');
    const settings: KafkaSettings = { ...DEFAULT_KAFKA, replication: 1, sslCa: files.ca, ...more };
    const common = { autoCreateTables: true, connectTimeoutMs: 5000, queryTimeoutMs: 20_000 };
    const destination = await driver.open({ url: new URL(`kafka://${address}`), ...common, kafka: settings });
    opened.push(destination);
    return destination;
  }
  const login = (password: string, more: Partial<KafkaSettings> = {}): Promise<Destination> =>
    open(`alice:${password}@${sasl}`, { security: 'sasl_ssl', ...more });
  const connecting = async (destination: Promise<Destination>) => (await destination).connect();

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('logs in with %s over TLS', async (mechanism) => {
    expect(await connecting(login('alice-secret', { mechanism }))).toMatchObject({ product: 'Kafka' });
    const wrong = connecting(login('wrong-secret', { mechanism }));
    await expect(wrong).rejects.toMatchObject({ code: 'DESTINATION_AUTH', retry: false });
    await expect(wrong).rejects.not.toThrow(/wrong-secret/);
  });

  it('writes exactly once over TLS with a login, as in the clear', async () => {
    const table = relation('t', ['id int4'], ['id']);
    const one = await login('alice-secret', { mechanism: 'scram-sha-512', prefix: 'tls', compression: 'lz4' });
    expect(await one.claim({ slot: 'tls', systemId: '1' })).toBeNull();
    await one.begin(lsn(10n));
    await one.prepare(table);
    const part = { xid: 1, commitLsn: lsn(19n), commitTime: 0, upTo: 1, open: false };
    const changes = [{ kind: 'insert', relation: table, after: ['1'] }] as const;
    await one.apply({ changes, rows: 1, end: lsn(20n), transactions: 1, commitTime: 0, parts: [part] });
    expect(await one.reconnect()).toBe(20n);
  });

  it('shows a certificate of ours where the broker demands one', async () => {
    const own = { sslCert: files.cert, sslKey: files.key };
    expect(await connecting(open(mutual, { security: 'ssl', ...own }))).toMatchObject({ product: 'Kafka' });
    await expect(connecting(open(mutual, { security: 'ssl' }))).rejects.toMatchObject({
      ...{ code: 'DESTINATION_AUTH', retry: false, hint: expect.stringContaining('kafka.sslCert') },
    });
  });

  it('refuses a broker whose certificate it cannot verify, and says what to set', async () => {
    for (const sslCa of [files.otherCa, null])
      await expect(connecting(login('alice-secret', { sslCa }))).rejects.toMatchObject({
        ...{ code: 'DESTINATION_AUTH', retry: false, hint: expect.stringContaining('kafka.sslCa') },
      });
  });

  it('says which file is missing, and what does not go together', async () => {
    await expect(login('alice-secret', { sslCa: '/nonexistent/ca.pem' })).rejects.toThrow(
      /file of kafka.sslCa cannot be/,
    );
    await expect(open(mutual, { security: 'ssl', sslCert: files.cert })).rejects.toThrow(/belong together/);
    await expect(open(kafka.broker, { security: 'plaintext' })).rejects.toThrow(/need TLS, but .* is plaintext/);
  });
});
