import { describe, expect, it } from 'vitest';
import { align } from '../../src/source/align.ts';

/** `id v:int` as the stream lists columns; `1:id 2:v:int` as catalog and memory know them. Types are `text` unless told. */
const named = (text: string) =>
  text.split(' ').map((one) => {
    const [name = '', type = 'text'] = one.split(':');
    return { name, type };
  });
const numbered = (text: string) =>
  text.split(' ').map((one) => {
    const [attnum, name = '', type = 'text'] = one.split(':');
    return { attnum: Number(attnum), name, type };
  });
const aligned = (stream: string, now: string, dropped: number[], before: string | null) =>
  align(named(stream), { now: numbered(now), dropped, before: before === null ? null : numbered(before) });

describe('align', () => {
  it.each([
    ['the catalog as it is', 'id v', '1:id 2:v', [], null, [1, 2]],
    ['a column renamed before', 'id w', '1:id 2:w', [], '1:id 2:v', [1, 2]],
    ['a column that is renamed later', 'id v', '1:id 2:w', [], '1:id 2:v', [1, 2]],
    ['one that is renamed later, without a memory', 'id v', '1:id 2:w', [], null, [1, 2]],
    ['one renamed twice, seen in between', 'id x', '1:id 2:w', [], '1:id 2:v', [1, 2]],
    ['one added', 'id v n', '1:id 2:v 3:n', [], '1:id 2:v', [1, 2, 3]],
    ['one that is added later', 'id v', '1:id 2:v 3:n', [], '1:id 2:v', [1, 2]],
    ['one that was added here already, and comes later again', 'id v', '1:id 2:v 3:n', [], '1:id 2:v 3:n', [1, 2]],
    ['one dropped', 'id w', '1:id 3:w', [2], '1:id 2:v 3:w', [1, 3]],
    ['one that is dropped later', 'id v w', '1:id 3:w', [2], '1:id 2:v 3:w', [1, 2, 3]],
    ['one dropped and another one added', 'id w', '1:id 3:w', [2], '1:id 2:v', [1, 3]],
    ['names that are swapped later', 'id a b', '1:id 2:b 3:a', [], '1:id 2:a 3:b', [1, 2, 3]],
    ['names that were swapped', 'id b a', '1:id 2:b 3:a', [], '1:id 2:a 3:b', [1, 2, 3]],
    ['the same name again with another type', 'id v:int', '1:id 3:v:int', [2], '1:id 2:v', [1, 3]],
    ['the name before it came again with another type', 'id v', '1:id 3:v:int', [2], '1:id 2:v', [1, 2]],
    ['columns that are not published', 'id w', '1:id 2:secret 3:w', [], '1:id 3:w', [1, 3]],
    ['a name given to a new column', 'id old v:int', '1:id 2:old 3:v:int', [], '1:id 2:v', [1, 2, 3]],
  ] as const)('numbers %s', (_, stream, now, dropped, before, expected) => {
    expect(aligned(stream, now, [...dropped], before)).toEqual(expected);
  });

  it.each([
    ['the same column dropped and added again', 'id v', '1:id 3:v', [2], '1:id 2:v'],
    ['the last one renamed, or dropped and added, and gone since', 'id w', '1:id 4:z', [2, 3], '1:id 2:v'],
  ] as const)('does not guess: %s', (_, stream, now, dropped, before) => {
    expect(aligned(stream, now, [...dropped], before)).toBeNull();
  });
});
