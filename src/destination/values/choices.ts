import { Pg2anyError } from '../../model/error.ts';
import type { TypeOptions } from '../../model/mapping.ts';
import type { Family } from './family.ts';

/** Throws CONFIG_INVALID where a moment is to have a type that only SQL Server has beside its usual one. */
export function refuseForeignMoment(kind: Family, name: string, { timestamptz }: TypeOptions, product: string): void {
  if (kind !== 'timestamptz' || timestamptz !== 'datetime2') return;
  throw new Pg2anyError('CONFIG_INVALID', `column ${name} is to be a datetime2, which ${product} does not have`, {
    hint: 'Leave out timestamptz: datetime2; it is for SQL Server.',
  });
}
