import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPipeline } from '../support/pipeline.ts';
import { type FaultProxy, startProxy } from '../support/proxy.ts';
import { runNode } from '../support/run-node.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

/** What must not end the process silently, and what must not fill its memory. */
describe('the process', { timeout: 90_000 }, () => {
  const f = sourceFixture('process');
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-process-'));
  let proxy: FaultProxy;

  beforeAll(async () => {
    proxy = await startProxy('127.0.0.1', f.server.port);
  });
  afterEach(() => proxy.onServerData(null));
  afterAll(async () => {
    await proxy.close();
    rmSync(folder, { recursive: true });
  });

  /**
   * Lets `change` at the frame that carries the row (2, 'poison'): 'd', length, then 'w' with three positions, then the
   * message: 'I', OID, 'N', count, and two values of which each has a kind and a length.
   */
  const poison = (
    change: (data: Buffer, at: { frame: number; header: number; message: number; value: number }) => void,
  ) =>
    proxy.onServerData((data) => {
      const value = data.indexOf('poison') - 5;
      const message = value - 6 - 2 - 1 - 4 - 1;
      const header = message - 25;
      if (data[header] === 'w'.charCodeAt(0)) change(data, { frame: header - 5, header, message, value });
      return data;
    });

  describe('81: broken bytes in the stream', () => {
    const afterwards = async () => {
      const running = startPipeline({ ...f.setup(), source: proxy.url(f.server.url) });
      await running.saw('streaming');
      await f.sql("INSERT INTO t VALUES (1, 'good')");
      await until(() => f.memory.applied.length === 1);
      await f.sql("INSERT INTO t VALUES (2, 'poison')");
      const end = await running.done.then(
        () => null,
        (error: unknown) => error,
      );
      expect(f.memory.applied).toHaveLength(1);
      expect(await f.confirmed()).toBeLessThanOrEqual(f.memory.checkpoint?.flushed ?? 0n);
      expect(running.events.filter((event) => event.event === 'retry')).toEqual([]);
      return end;
    };
    const protocol = (message: RegExp) => ({
      code: 'PROTOCOL',
      exitCode: 1,
      message: expect.stringMatching(message),
    });

    it('in a row end in a typed error that names the byte', async () => {
      poison((data, at) => data.write('z', at.value, 'latin1'));
      expect(await afterwards()).toMatchObject(protocol(/public\.t.*'I', byte \d+.*'z'/));
    });

    it('in the tag of a message end in a typed error', async () => {
      poison((data, at) => data.write('!', at.message, 'latin1'));
      expect(await afterwards()).toMatchObject(protocol(/unknown message '!'/));
    });

    it('in the header of a frame end in a typed error', async () => {
      poison((data, at) => data.write('?', at.header, 'latin1'));
      expect(await afterwards()).toMatchObject(protocol(/unknown frame '\?'/));
    });

    it('in the framing of the connection end in a typed error', async () => {
      poison((data, at) => data.write('\x01', at.frame, 'latin1'));
      expect(await afterwards()).toMatchObject(protocol(/invalid response/));
    });

    it('that make the driver throw inside the socket callback end in a typed error', async () => {
      // An authentication request of a kind that does not exist.
      poison((data, at) => data.write('R', at.frame, 'latin1'));
      expect(await afterwards()).toMatchObject(protocol(/broken bytes/));
    });

    it('end the command with a message and exit code 1', async () => {
      poison((data, at) => data.write('z', at.value, 'latin1'));
      const program = `import { main } from './src/cli/main.ts'; process.exit(await main(process.argv.slice(1)));`;
      const env = {
        CDC_SOURCE_URL: proxy.url(f.server.url),
        CDC_DEST_URL: `sqlite:${join(folder, 'copy.sqlite')}`,
        CDC_REPLICATION_SLOT: f.slot,
        CDC_PUBLICATION: f.slot,
      };
      const ended = runNode(['--input-type=module', '-e', program, '--', 'replicate', '--env'], { env });
      await until(
        async () =>
          (await f.sql(`SELECT active::text AS a FROM pg_replication_slots WHERE slot_name = '${f.slot}'`))[0]?.a ===
          'true',
        { what: 'the command to stream', timeoutMs: 30_000 },
      );
      await f.sql("INSERT INTO t VALUES (1, 'good'); INSERT INTO t VALUES (2, 'poison')");
      const { code, out, err } = await ended;
      expect(`${out}${err}`).toContain('PROTOCOL');
      expect(code).toBe(1);
    });
  });

  it('68: copies and streams values of 100 MB with 400 MB of heap', async () => {
    const flags = ['--max-old-space-size=400'];
    const big = "SELECT i, repeat('äé', 25000000) FROM generate_series(1, 3) i";
    await f.sql(`INSERT INTO t ${big}`);
    const copied = await runNode(['test/support/drain.ts', f.server.url, f.slot, 'initial'], { flags });
    expect(`${copied.err}${copied.code}`).toBe('0');
    await f.sql(`TRUNCATE t; INSERT INTO t ${big}`);
    const streamed = await runNode(['test/support/drain.ts', f.server.url, f.slot, 'never'], { flags });
    expect(`${streamed.err}${streamed.code}`).toBe('0');
    const [copy, stream] = [JSON.parse(copied.out), JSON.parse(streamed.out)];
    console.info(`values of 100 MB: peak RSS ${copy.peakMb} MB in the copy, ${stream.peakMb} MB in the stream`);
    expect(copy).toMatchObject({ rows: 3, longest: 50_000_000 });
    expect(stream).toMatchObject({ longest: 50_000_000 });
    expect(Math.max(copy.peakMb, stream.peakMb)).toBeLessThan(900);
  });

  it('20: passes two million rows of one transaction with 192 MB of heap', async () => {
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t`);
    await f.sql(`SELECT pg_create_logical_replication_slot('${f.slot}', 'pgoutput')`);
    await f.sql("INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 2000000) i");
    const flags = ['--max-old-space-size=192'];
    const { code, out, err } = await runNode(['test/support/drain.ts', f.server.url, f.slot, 'never'], { flags });
    expect(`${err}${code}`).toBe('0');
    const result = JSON.parse(out);
    console.info(`2 million rows in one transaction: peak RSS ${result.peakMb} MB, ${result.batches} batches`);
    expect(result.rows).toBe(2_000_000);
    expect(result.batches).toBeGreaterThan(1);
    expect(result.peakMb).toBeLessThan(300);
  });
});
