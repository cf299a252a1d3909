/** A column as the stream, the catalog or the destination knows it. `type` is any text that is equal for equal types. */
export interface NamedColumn {
  readonly name: string;
  readonly type: string;
}

export interface NumberedColumn extends NamedColumn {
  readonly attnum: number;
}

/** What is known of a table before and after the moment in the stream; columns in the order of their numbers. */
export interface Around {
  /** In the catalog, which may be ahead of the stream. */
  readonly now: readonly NumberedColumn[];
  /** Attribute numbers that the catalog says were dropped. */
  readonly dropped: readonly number[];
  /** As it was seen last in the stream, or as the destination remembers it; null where it never was. */
  readonly before: readonly NumberedColumn[] | null;
}

/**
 * The attribute numbers of columns as the stream lists them: pgoutput sends names only, but always in the order of the
 * numbers, and an added column always has the highest. Null where more than one reading is possible. Pure.
 *
 * A name that the catalog knows, and that meant no other column before, is taken to mean that column.
 * https://www.postgresql.org/docs/current/catalog-pg-attribute.html
 */
export function align(columns: readonly NamedColumn[], around: Around): readonly number[] | null {
  const candidates = columns.map((column) => candidatesOf(column, around));
  return only(candidates, mustStay(around)) ?? only(candidates, new Set());
}

function candidatesOf(column: NamedColumn, { now, dropped, before }: Around): readonly number[] {
  const named = [now, before ?? []].flatMap((shape) => shape.filter(({ name }) => name === column.name));
  const numbers = [...new Set(named.map(({ attnum }) => attnum))];
  if (numbers.length <= 1) return numbers.length === 1 ? numbers : anyOf(now, dropped, before);
  const ofType = new Set(named.filter(({ type }) => type === column.type).map(({ attnum }) => attnum));
  return ofType.size === 1 ? [...ofType] : numbers.sort((a, b) => a - b);
}

/** A name that neither side knows: a renamed column, or one that was added and is gone or renamed again. */
function anyOf(now: Around['now'], dropped: Around['dropped'], before: Around['before']): readonly number[] {
  const old = new Set(before?.map(({ attnum }) => attnum));
  const newest = Math.max(0, ...old);
  const all = [...now.map(({ attnum }) => attnum), ...dropped].sort((a, b) => a - b);
  return before === null ? all : all.filter((attnum) => old.has(attnum) || attnum > newest);
}

/** Columns that are there now, or were there before and were not dropped: a newer one cannot stand in the stream alone. */
function mustStay({ now, dropped, before }: Around): ReadonlySet<number> {
  const gone = new Set(dropped);
  return new Set([...now, ...(before ?? [])].map(({ attnum }) => attnum).filter((attnum) => !gone.has(attnum)));
}

interface Path {
  readonly attnum: number;
  readonly ways: number;
  readonly from: Path | null;
}

/** The only way to choose one number per column, each higher than the last, that passes over none of `stay`. */
function only(candidates: readonly (readonly number[])[], stay: ReadonlySet<number>): readonly number[] | null {
  const between = (low: number, high: number): boolean => {
    for (let attnum = low + 1; attnum < high; attnum++) if (stay.has(attnum)) return false;
    return true;
  };
  let paths: readonly Path[] = [{ attnum: 0, ways: 1, from: null }];
  for (const choices of candidates) {
    paths = choices.flatMap((attnum): Path[] => {
      const froms = paths.filter((path) => path.attnum < attnum && between(path.attnum, attnum));
      const ways = froms.reduce((sum, { ways }) => Math.min(2, sum + ways), 0);
      return ways === 0 ? [] : [{ attnum, ways, from: froms[0] ?? null }];
    });
  }
  const ways = paths.reduce((sum, path) => sum + path.ways, 0);
  return ways === 1 ? numbers(paths[0] ?? null) : null;
}

function numbers(last: Path | null): number[] {
  const all: number[] = [];
  for (let path = last; path?.from; path = path.from) all.unshift(path.attnum);
  return all;
}
