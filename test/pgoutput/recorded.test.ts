import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pg2anyError } from '../../src/model/error.ts';
import { decode } from '../../src/pgoutput/decode.ts';
import type { Message } from '../../src/pgoutput/message.ts';
import { encode } from '../support/pgoutput-encoder.ts';
import { messages, play, type Recorded, recordings, VERSIONS } from '../support/pgoutput-recording.ts';

const EVERYWHERE = [
  'types',
  'toast',
  'identity',
  'truncate',
  'partitions as root',
  'partitions',
  'generated',
  'ddl',
  'origin',
  'empty',
  'prepared, two_phase off',
];
const LATER: Readonly<Record<number, readonly string[]>> = {
  14: ['messages', 'streaming'],
  15: ['filter', 'two-phase'],
  16: ['parallel'],
};

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'decoded';
  } catch (error) {
    if (error instanceof Pg2anyError) return error.code;
    throw error;
  }
};

describe.each(VERSIONS)('the bytes of PostgreSQL %i', (version) => {
  const all = recordings(version);
  const recorded: readonly Recorded[] = all.flatMap(play);
  const withMessage = recorded.flatMap(({ bytes, frame, context, message }) =>
    message && frame.kind === 'data' ? [{ bytes, start: frame.payload, context, message }] : [],
  );

  it('were recorded by that server, for every case it can do', () => {
    const later = Object.entries(LATER).flatMap(([first, cases]) => (version >= Number(first) ? cases : []));
    expect(all.map((one) => one.case).sort()).toEqual([...EVERYWHERE, ...later].sort());
    for (const one of all) expect(one.server).toMatch(new RegExp(`^${version}\\.`));
  });

  it('are decoded to the last byte, and encode to the same bytes again', () => {
    for (const { bytes, start, message } of withMessage) expect(encode(message)).toEqual(bytes.subarray(start));
  });

  it('carry the clock of the server in every frame', () => {
    for (const one of all)
      for (const { frame } of play(one)) {
        expect(frame.sendTime).toBeGreaterThan(one.began - 60_000);
        expect(frame.sendTime).toBeLessThan(one.ended + 60_000);
      }
  });

  it('name positions of data that never lie beyond the last keepalive', () => {
    for (const one of all) {
      const frames = play(one).map(({ frame }) => frame);
      const last = frames.at(-1);
      expect(last?.kind).toBe('keepalive');
      for (const frame of frames) expect(frame.walEnd <= (last?.walEnd ?? 0n)).toBe(true);
    }
  });

  it('have no position where a message is not the last of what it stands for', () => {
    recorded.forEach(({ frame, message }, index) => {
      if (frame.kind !== 'data') return;
      const beforeOrigin = message?.kind === 'begin' && recorded[index + 1]?.message?.kind === 'origin';
      const without = beforeOrigin || message?.kind === 'relation' || message?.kind === 'type';
      expect(frame.walStart === 0n, message?.kind).toBe(without);
      expect(frame.walEnd).toBe(frame.walStart);
    });
  });

  it('announce at begin exactly the commit that comes, with ends that only grow', () => {
    for (const one of all) {
      let begin: Extract<Message, { kind: 'begin' }> | null = null;
      let end = 0n;
      for (const message of messages(one)) {
        if (message.kind === 'begin') begin = message;
        if (message.kind !== 'commit') continue;
        expect(message).toMatchObject({ commitLsn: begin?.commitLsn, commitTime: begin?.commitTime });
        expect(message.end > message.commitLsn).toBe(true);
        expect(message.commitLsn >= end).toBe(true);
        end = message.end;
      }
    }
  });

  it('are refused at every truncation', () => {
    for (const { bytes, start, context } of withMessage)
      for (let end = start; end < bytes.length; end += end - start < 400 ? 1 : 97)
        expect(codeOf(() => decode(bytes, start, end, context))).toBe('PROTOCOL');
  });

  it('are decoded or refused when bits flip, in no other way', () => {
    const where = fc.record({ index: fc.nat({ max: withMessage.length - 1 }), at: fc.nat(), bit: fc.nat({ max: 7 }) });
    fc.assert(
      fc.property(where, ({ index, at, bit }) => {
        const sample = withMessage[index];
        if (!sample) throw new Error('no such message');
        const bytes = Buffer.from(sample.bytes.subarray(sample.start));
        const position = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position);
        const code = codeOf(() => decode(bytes, 0, bytes.length, sample.context));
        expect(['decoded', 'PROTOCOL', 'SOURCE_ENCODING']).toContain(code);
      }),
      { numRuns: 1000 },
    );
  });
});
