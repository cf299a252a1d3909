import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Relation } from '../../src/model/relation.ts';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import { insert, type Pipe, remove, truncate, update, useBench } from './pipe.ts';
import { type Cells, type OpenPlace, sorted } from './place.ts';

const docs = relation('docs', ['id int8', 'title text', 'body text'], ['id']);
const log = relation('log', ['n int8', 'note text'], 'row');

/** Raw material of a change; which one it becomes depends on the rows there are at that time. */
interface Draw {
  readonly what: number;
  readonly pick: number;
  readonly id: number;
  readonly text: string;
  readonly keep: boolean;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  what: fc.nat({ max: 99 }),
  pick: fc.nat(),
  id: fc.integer({ min: 1, max: 8 }),
  text: fc.constantFrom('', 'a', 'A', 'a ', 'é', '\\', '\t'),
  keep: fc.boolean(),
});

/** The source: makes only changes that PostgreSQL could have made, and knows what follows. */
class Source {
  readonly rows = new Map<string, string[]>();
  log: (string | null)[][] = [];

  change({ what, pick, id, text, keep }: Draw): Change | null {
    if (what < 2) return this.empty();
    if (what < 20) return this.note(what, text, pick);
    const key = `${id}`;
    const found = this.rows.get(key);
    if (!found) return this.insert(key, text);
    if (what < 45) {
      this.rows.delete(key);
      return remove(docs, [key]);
    }
    return this.update(key, found, what < 65 ? `${(pick % 8) + 1}` : key, text, keep);
  }

  private empty(): Change {
    this.rows.clear();
    this.log = [];
    return truncate(docs, log);
  }

  private insert(key: string, text: string): Change {
    const row = [key, text, `body of ${key} ${text}`];
    this.rows.set(key, row);
    return insert(docs, row);
  }

  private update(key: string, before: string[], next: string, text: string, keep: boolean): Change | null {
    if (next !== key && this.rows.has(next)) return null;
    const after: Row = [next, text, keep ? UNCHANGED : `new ${text}`];
    this.rows.delete(key);
    this.rows.set(
      next,
      after.map((value, i) => (typeof value === 'string' ? value : (before[i] ?? ''))),
    );
    return update(docs, [key], after);
  }

  private note(what: number, text: string, pick: number): Change {
    const at = pick % Math.max(1, this.log.length);
    const old = this.log[at];
    const row = [text === '' ? null : `${pick % 3}`, text];
    if (what < 10 || !old) {
      this.log.push(row);
      return insert(log, row);
    }
    this.log.splice(at, 1);
    if (what < 15) return remove(log, old);
    this.log.push(row);
    return update(log, old, row);
  }
}

/** Whatever happens at the source, the destination is the same afterwards. */
export function randomContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  async function check(pipe: Pipe, source: Source, batch: readonly Draw[], pieces: boolean): Promise<void> {
    const changes = batch.flatMap((each) => source.change(each) ?? []);
    const middle = pieces ? Math.floor(changes.length / 2) : 0;
    if (pieces) await pipe.piece(changes.slice(0, middle));
    await pipe.apply(changes.slice(middle));
    const rows = (relation: Relation): Promise<Cells[]> => bench.rows(relation);
    expect(await rows(docs)).toEqual(sorted([...source.rows.values()]));
    expect(await rows(log)).toEqual(sorted(source.log));
  }

  it('follows any sequence of changes, in batches of any size', async () => {
    const pipe = await bench.start();
    for (const table of [docs, log]) await pipe.destination.prepare(table);
    const run = fc.array(fc.tuple(fc.array(draw, { maxLength: 25 }), fc.boolean()), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(run, async (batches) => {
        await pipe.apply([truncate(docs, log)]);
        const source = new Source();
        for (const [batch, pieces] of batches) await check(pipe, source, batch, pieces);
      }),
      { numRuns: 40 },
    );
  });
}
