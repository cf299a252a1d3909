import { expect, it } from 'vitest';
import { mappingFindings } from '../../src/cli/inspect.ts';
import { relation } from '../support/relations.ts';

const mapped = (note: string | null, lossy: string | null) => ({
  mapping: () => [{ column: 'v', sourceType: 'jsonb', destinationType: 'JSON', note, lossy }],
});

it('says nothing of a column that keeps every value as it is', () => {
  expect(mappingFindings(mapped(null, null), [relation('t', ['v jsonb'], 'none')])).toEqual([]);
});

it('warns of what a chosen option loses, by name', () => {
  const [finding] = mappingFindings(mapped(null, 'NULL in place of FLOAT_NAN'), [relation('t', ['v jsonb'], 'none')]);
  expect(finding).toMatchObject({ check: 'lossy_mapping', severity: 'warn', table: 'public.t' });
  expect(finding?.message).toBe('public.t.v (jsonb as JSON) loses values: NULL in place of FLOAT_NAN');
});
