import { expect, it } from 'vitest';
import { SEED } from '../support/seed.ts';
import type { EngineName } from '../support/type-vectors.ts';
import { refusalOf } from './oracle.ts';
import { say, type Values } from './value-properties.ts';
import { refusal, type Sorted } from './value-tables.ts';

/** Refused exactly where there is no counterpart: what the usual types hold is known without asking the encoder. */
export function refusalProperties(engine: EngineName, values: () => Values): void {
  it('is refused by its class exactly where there is no counterpart', () => {
    const wrong = values().sorted.flatMap(({ printed: { test }, taken, refused }) => [
      ...taken.flatMap((value) => {
        const must = refusalOf(test, engine, value.text);
        return must ? [`${test.type} ${say(value, null)} taken instead of ${must}`] : [];
      }),
      ...refused.flatMap(([value, problem]) => {
        const must = refusalOf(test, engine, value.text);
        return must === problem ? [] : [`${test.type} ${say(value, null)} ${problem} instead of ${must}`];
      }),
    ]);
    expect(wrong, `seed ${SEED}`).toEqual([]);
  });

  it('is one of many of its type, unless a type has few', () => {
    const { printed } = values();
    expect(printed.filter((one) => one.values.length < 2).map(({ test }) => test.type)).toEqual([]);
    expect(printed.reduce((sum, one) => sum + one.values.length, 0)).toBeGreaterThan(printed.length * 150);
  });

  nearestProperties(values);
}

/** Types of one's own choice refuse more: always by a class that policies and preflight know of. */
export function choiceProperties(values: () => Values): void {
  it('is refused by a class that the column has announced, if it is refused', () => {
    const wrong = values().sorted.flatMap(({ printed: { test }, taken, refused, codec }) => [
      ...(taken.length > 1 ? [] : [`${test.type} as ${JSON.stringify(test.own)} takes ${taken.length} values`]),
      ...refused.flatMap(([value, problem]) =>
        codec.problems.some((one) => one === problem)
          ? []
          : [`${test.type} as ${JSON.stringify(test.own)} ${say(value, null)} ${problem}`],
      ),
    ]);
    expect(wrong.slice(0, 20), `seed ${SEED}`).toEqual([]);
  });

  nearestProperties(values);
}

/** A nearest value may have to be made nearer once or twice. */
const STEPS = 3;

function nearestProperties(values: () => Values): void {
  it('has a nearest value that is taken, or none', () => {
    const wrong = values().sorted.flatMap((one) =>
      one.refused.flatMap(([value, problem]) => {
        const end = nearest(one, value.text, problem);
        return end === null ? [] : [`${one.printed.test.type} ${say(value, end)} of ${problem}`];
      }),
    );
    expect(wrong.slice(0, 20), `seed ${SEED}`).toEqual([]);
  });
}

/** The text that is still refused in the end; null where all is well. */
function nearest({ codec }: Sorted, text: string, problem: string): string | null {
  let [current, why]: [string, string | null] = [text, problem];
  for (let step = 0; step < STEPS && why !== null; step++) {
    const known = codec.problems.find((one) => one === why);
    const next = known ? codec.nearest(current, known) : null;
    if (next === null) return step === 0 ? null : current;
    [current, why] = [next, refusal(codec, next)];
  }
  return why === null ? null : current;
}
