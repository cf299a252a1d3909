import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { built } from '../support/program.ts';
import { describeWith, postgres } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';
import { canType } from '../support/typed-shell.ts';
import { until } from '../support/wait.ts';
import { useShop } from './status-fixture.ts';

await describeWith(
  'status and live',
  () => postgres(18),
  (server) => {
    const shop = useShop(server);
    const { folder, slot, env, run, status, replicating } = shop;

    test('before anything has begun it says so, makes nothing, and exits 0', async () => {
      const { code, stdout, stderr } = await run(['status', '--env']);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(
        /^● Source {7}PostgreSQL 18.* postgres:\/\/.*\n {15}no slot yet: pg2any replicate makes it$/m,
      );
      expect(stdout).toMatch(/^● Destination {2}SQLite .*\n {15}no checkpoint yet$/m);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`no pg2any of this user works on slot ${slot} on this machine`);
      expect(existsSync(join(folder, 'copy.db'))).toBe(false);
      expect(await status()).toMatchObject({
        slot,
        source: { slot: null, error: null },
        destination: { checkpoint: null, error: null },
        process: { pid: null, status: null, error: { code: 'NOT_ATTACHED' } },
        problem: null,
      });
    });

    test('live says that nothing runs here and how to start it', async () => {
      for (const words of [['live', '--env'], ['live']]) {
        const { code, stderr } = await run(words);
        expect(code).toBe(1);
        expect(stderr).toMatch(/no pg2any of this user .*on this/);
        expect(stderr).toContain('Start one with pg2any replicate');
      }
    });

    test('while a process runs, all three sides are shown', async () => {
      const child = await replicating();
      await pgRows(shop.url, "UPDATE orders SET note = 'changed' WHERE id <= 7");
      const seen = await until(
        async () => {
          const now = await status();
          return now.process.status?.totals.updates === 7 && now;
        },
        { what: 'the updates' },
      );
      expect(seen).toMatchObject({
        code: 0,
        source: { slot: { active: true, walStatus: 'reserved', retainedBytes: expect.any(Number) } },
        destination: {
          checkpoint: {
            behindBytes: expect.any(Number),
            tables: [
              { table: 'public.customers', state: 'copied', rows: 0 },
              { table: 'public.orders', state: 'copied', rows: 500 },
            ],
          },
        },
        process: { pid: child.pid, status: { phase: 'streaming' }, error: null },
        problem: null,
      });
      const { stdout } = await run(['status', '--env']);
      expect(stdout).toMatch(/^✔ Source .*\n {15}slot in use\n {15}WAL reserved, .* retained, confirmed /m);
      expect(stdout).toMatch(new RegExp(`^✔ Process {6}pid ${child.pid}, up `, 'm'));
      expect(stdout).toMatch(/^public\.orders +streaming +500 +0 +7 +0 +\d+$/m);
    });

    test('teardown leaves alone what a process works on, and names it', async () => {
      const child = await replicating();
      const { code, stderr } = await run(['teardown', '--env', '--yes']);
      expect(code).toBe(4);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`in use by the pg2any with pid ${child.pid} on this machine`);
      expect(stderr).toContain(`kill ${child.pid}`);
      expect((await status()).process).toMatchObject({ pid: child.pid });
    });

    test('watching repeats the look until it is stopped, an object a line with --json', async () => {
      await replicating();
      let lines = 0;
      const { code, stdout } = await run(['status', '--env', '--watch', '--json'], {
        onLine: (line, child) => {
          if (line.startsWith('{') && ++lines === 2) child.kill('SIGINT');
        },
      });
      expect(code).toBe(130);
      const looks = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(looks).toHaveLength(2);
      expect(looks[1]).toMatchObject({ slot, process: { status: { phase: 'streaming' } } });
      expect(looks[1].at).toBeGreaterThan(looks[0].at);
    });

    test('live shows what has happened and happens; leaving it does not stop the process', async () => {
      const child = await replicating();
      // without any configuration: the one that runs here
      const none = { CDC_SOURCE_URL: '', CDC_DEST_URL: '', CDC_REPLICATION_SLOT: '' };
      const { code, stdout } = await run(['live', '--json'], {
        env: none,
        onLine: (line, live) => {
          if (line.includes('"type":"status"')) live.kill('SIGINT');
        },
      });
      expect(code).toBe(130);
      expect(stdout).toContain('"event":"connected"');
      expect(stdout).toContain('"event":"streaming"');
      expect((await status()).process).toMatchObject({ pid: child.pid });
    });

    test('live ends with its process: 0 where that ended in order', async () => {
      const child = await replicating();
      const { code, stderr } = await run(['live', '--env'], {
        onLine: (line) => {
          if (line.includes('● streaming')) child.kill('SIGTERM');
        },
      });
      expect(code).toBe(0);
      expect(stderr).toMatch(/● SIGTERM: finishing/);
      expect(stderr).toMatch(/✔ stopped at /);
    });

    test('live says so where its process was killed', async () => {
      const child = await replicating();
      const { code, stderr } = await run(['live', '--env'], {
        onLine: (line) => {
          if (line.includes('● streaming')) child.kill('SIGKILL');
        },
      });
      expect(code).toBe(1);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`the pg2any with pid ${child.pid} is gone`);
      expect((await status()).process.error).toMatchObject({ code: 'NOT_ATTACHED' });
    });

    const typing = canType();
    if (!typing) console.error('\n*** SKIPPED: live at a terminal: this machine has no script(1) of util-linux\n');
    const atTerminal = async (words: string, onText: (text: string, type: (keys: string) => void) => void) => {
      const program = `stty cols 100 rows 30; ${process.execPath} ${await built()} ${words}`;
      const { CI: _, ...inherited } = process.env;
      const live = spawn('script', ['-qec', program, '/dev/null'], {
        env: { ...inherited, ...env(), NO_COLOR: '1', TERM: 'xterm' },
      });
      let text = '';
      live.stdout.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        onText(text, (keys) => live.stdin.write(keys));
      });
      const [code] = await once(live, 'close');
      return { code, text };
    };

    test.skipIf(!typing)('q leaves the lines, and the process goes on', async () => {
      const child = await replicating();
      const { code } = await atTerminal(
        'live --env --no-tui',
        (text, type) => text.includes('● streaming') && type('q'),
      );
      expect(code).toBe(0);
      expect((await status()).process).toMatchObject({ pid: child.pid });
    });

    test.skipIf(!typing)('at a terminal live is the whole view, which q leaves, and the process goes on', async () => {
      const child = await replicating();
      let asked = false;
      const { code, text } = await atTerminal('live --env', (seen, type) => {
        if (asked || !/public\.orders +streaming/.test(seen)) return;
        asked = true;
        type('q');
      });
      expect(code).toBe(0);
      expect(text).toContain('q detach');
      expect(text).toContain('\x1b[?1049l');
      expect(text).toMatch(new RegExp(`left; the pg2any with pid ${child.pid} goes on`));
      expect((await status()).process).toMatchObject({ pid: child.pid });
    });

    test.skipIf(!typing)(
      'p holds the process from outside, and lets it go on, and its own output says so',
      async () => {
        let said = '';
        await replicating((line) => {
          said += line;
        });
        const pressed = new Set<string>();
        const press = (key: string, type: (keys: string) => void): void => {
          if (!pressed.has(key)) type(key[0] ?? '');
          pressed.add(key);
        };
        const { code } = await atTerminal('live --env', (seen, type) => {
          if (/public\.orders +streaming/.test(seen)) press('p hold', type);
          if (seen.includes('p resume')) press('p resume', type);
          if (said.includes('"event":"pause.ended"')) press('q', type);
        });
        expect(code).toBe(0);
        expect(said).toContain('"event":"pause.begun"');
        expect((await status()).process.status.phase).toBe('streaming');
      },
    );

    test.skipIf(!typing)('watching at a terminal draws over what it drew before', async () => {
      let asked = false;
      const { code, text } = await atTerminal('status --env --watch', (seen, type) => {
        if (asked || seen.split('✔ Destination').length < 3) return;
        asked = true;
        type('\x03');
      });
      expect(code).toBe(130);
      const lines = text.split('✔ Destination')[0]?.split('\n').length ?? 0;
      const up = Number(text.split('\x1b[').flatMap((part) => /^(\d+)A/.exec(part)?.[1] ?? [])[0]);
      expect(up).toBeGreaterThan(lines);
      expect(text.slice(0, text.indexOf(`\x1b[${up}A`)).split('\n')).toHaveLength(up + 1);
    });

    test.skipIf(!typing)('verify shows a bar at a terminal, and clears it', async () => {
      const { code, text } = await atTerminal('verify --env', () => undefined);
      expect(code).toBe(0);
      expect(text).toMatch(/█+░+ +\d+ %.* public\.orders: reading the destination/);
      const lines = text.split('\n').map((line) => line.split('\x1b[K').at(-1)?.trim());
      expect(lines.filter((line) => line !== '')).toEqual([
        expect.stringMatching(/^✔ public\.customers .* equal$/),
        expect.stringMatching(/^✔ public\.orders .* equal$/),
        'verify: 2 tables, 500 rows, 0 differences',
      ]);
    });

    test('live ends as its process fails: with its error and its exit code', async () => {
      await replicating(undefined, { CDC_SCHEMA_CHANGES: 'stop' });
      let changed = false;
      const { code, stderr } = await run(['live', '--env', '--no-tui'], {
        onLine: (line) => {
          if (changed || !line.includes('● streaming')) return;
          changed = true;
          void pgRows(shop.url, 'ALTER TABLE orders ADD later int; INSERT INTO orders VALUES (0)');
        },
      });
      expect(code).toBe(7);
      expect(stderr).toMatch(/^✘ public\.orders/m);
      expect(stderr).toMatch(/^ {2}code {4}SCHEMA_CHANGED, exit 7/m);
      expect(await shop.running?.outcome).toMatchObject({ code: 7 });
      await pgRows(shop.url, 'ALTER TABLE orders DROP later; DELETE FROM orders WHERE id = 0');
    });

    test('a slot that nobody reads is pointed out', async () => {
      const { code, stdout } = await run(['status', '--env']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^▲ Source .*\n {15}slot not in use: its WAL stays until somebody streams again$/m);
    });

    test('a side that cannot be reached says why, and the other one is shown all the same', async () => {
      const nobody = await status({ CDC_SOURCE_URL: shop.url.replace(/@[^/]+/, '@127.0.0.1:1') });
      expect(nobody).toMatchObject({
        code: 4,
        source: { slot: null, error: { code: 'SOURCE_UNREACHABLE', exitCode: 4 } },
        destination: { checkpoint: { flushed: expect.stringMatching(/^\w+\/\w+$/), behindBytes: null } },
      });
      const nowhere = await status({ CDC_DEST_URL: `sqlite:${folder}/no/such/folder.db` });
      expect(nowhere).toMatchObject({
        code: 5,
        source: { slot: { active: false } },
        destination: { checkpoint: null, error: { exitCode: 5 } },
      });
      const { stdout } = await run(['status', '--env'], {
        env: { CDC_DEST_URL: `sqlite:${folder}/no/such/folder.db` },
      });
      expect(stdout).toMatch(/^✘ Destination /m);
      expect(stdout).toMatch(/^▲ Source /m);
    });

    test('a slot that is gone although there is a checkpoint exits 6, with what to do', async () => {
      await until(async () => (await pgRows(shop.url, `SELECT 1 FROM pg_replication_slots WHERE active`)).length === 0);
      await pgRows(shop.url, `SELECT pg_drop_replication_slot('${slot}')`);
      expect(await status()).toMatchObject({ code: 6, problem: { code: 'SLOT_MISSING', exitCode: 6 } });
      const { code, stdout } = await run(['status', '--env']);
      expect(code).toBe(6);
      expect(stdout).toMatch(/^✘ Source .*\n {15}the slot is gone$/m);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Run pg2any teardown, then replicate with a new snapshot.');
    });
  },
);
