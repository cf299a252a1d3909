import { describe, expect, it } from 'vitest';
import { assertOn, parseHistory, readTimeline } from '../../src/source/timeline.ts';

const HISTORY = `# written by hand
1\t0/3000148\tno recovery target specified

  2\tA/FFFFFFF8\tbefore 2026-11-21 20:13:06.5+00
\t10\t100/0\tat restore point "1\t0/1"
`;

describe('the history of a timeline', () => {
  it('says where each ancestor was left, whatever the reasons and comments say', () => {
    expect([...parseHistory(HISTORY)]).toEqual([
      [1, 0x3000148n],
      [2, 0xafffffff8n],
      [10, 0x10000000000n],
    ]);
  });

  it('has no ancestors where it is empty', () => {
    expect(parseHistory('').size).toBe(0);
  });

  it.each(['1', '1\tnonsense\tx', 'x\t0/1\tx', '1\t0/1x', '-1\t0/1\tx'])('is refused with the line %j', (line) => {
    expect(() => parseHistory(`1\t0/1\tfirst\n${line}\n`)).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
  });
});

describe('where a server is', () => {
  const asked: string[] = [];
  const server = (timeline: number, history: () => string, recovering = 'f') => {
    asked.length = 0;
    return async (sql: string) => {
      asked.push(sql);
      if (sql === 'IDENTIFY_SYSTEM') return [{ systemid: '7', timeline: String(timeline) }];
      if (sql.startsWith('TIMELINE_HISTORY')) return [{ content: history() }];
      return [{ recovering }];
    };
  };

  it('is its timeline with those it descends from', async () => {
    expect(await readTimeline(server(3, () => '1\t0/10\tx\n2\t0/20\tx\n'))).toEqual({
      id: 3,
      left: new Map([
        [1, 16n],
        [2, 32n],
      ]),
      recovering: false,
    });
    expect(asked.at(-1)).toBe('TIMELINE_HISTORY 3');
  });

  it('is told of the first timeline, which has no history', async () => {
    const never = () => expect.unreachable('there is none');
    expect(await readTimeline(server(1, never, 't'))).toEqual({ id: 1, left: new Map(), recovering: true });
  });

  it('is still the same, or everything is looked at again', async () => {
    const identity = { systemId: '7', version: 180000, product: 'PostgreSQL 18' };
    const told = { id: 3, left: new Map(), recovering: false };
    await assertOn(
      server(3, () => ''),
      identity,
      told,
    );
    const moved = assertOn(
      server(4, () => ''),
      identity,
      told,
    );
    await expect(moved).rejects.toMatchObject({
      code: 'STREAM_RESTART',
      retry: true,
      message: /timeline 4 .* timeline 3 /,
    });
    const other = assertOn(
      server(3, () => ''),
      { ...identity, systemId: '8' },
      told,
    );
    await expect(other).rejects.toMatchObject({ code: 'STREAM_RESTART' });
  });

  it('asks whether the server recovers before it asks for the timeline, which stays only if it does not', async () => {
    await readTimeline(server(1, () => ''));
    expect(asked.map((sql) => sql === 'IDENTIFY_SYSTEM')).toEqual([false, true]);
  });
});
