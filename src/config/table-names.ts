type Parsed =
  | { readonly ok: true; readonly names: readonly string[] | null }
  | { readonly ok: false; readonly problem: string };

const refuse = (problem: string): Parsed => ({ ok: false, problem });

/** One identifier: quoted as in SQL, or plain text without separators. Case is kept: it is the catalog's spelling. */
const PART = /\s*(?:"((?:[^"]|"")+)"|([^".,\s](?:[^".,]*[^".,\s])?))\s*/y;

interface Item {
  readonly parts: readonly string[];
  readonly quoted: boolean;
}

/** Splits `public.orders, "Sales"."Order, old"` at commas outside quotes; null where it cannot be read. */
function split(text: string): Item[] | null {
  const items: Item[] = [];
  let parts: string[] = [];
  let quoted = false;
  for (let at = 0; at < text.length; ) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (!match) return null;
    parts.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    quoted ||= match[1] !== undefined;
    at = PART.lastIndex;
    if (text[at] === '.') at += 1;
    else if (at === text.length || text[at] === ',') {
      items.push({ parts, quoted });
      [parts, quoted] = [[], false];
      at += 1;
    } else return null;
  }
  return parts.length === 0 ? items : null;
}

const isTexts = (raw: unknown): raw is readonly string[] =>
  Array.isArray(raw) && raw.every((text) => typeof text === 'string');

function qualified(item: Item): string | null {
  if (!item.quoted && item.parts.some((part) => part.includes('*'))) return null;
  if (item.parts.length === 1) return `public.${item.parts[0]}`;
  return item.parts.length === 2 ? item.parts.join('.') : null;
}

/**
 * Table names from text (`public.orders,"Sales"."Order"`) or a list of such texts, as `schema.table` without quotes.
 * Without a schema it is `public`. `*` alone is every table (null).
 */
export function parseTableNames(raw: unknown): Parsed {
  if (raw === null) return { ok: true, names: null };
  const texts: unknown = typeof raw === 'string' ? [raw] : raw;
  if (!isTexts(texts)) return refuse('must be a list of tables such as public.orders,public.items');
  if (texts.length === 1 && texts[0]?.trim() === '*') return { ok: true, names: null };
  const names: string[] = [];
  for (const text of texts) {
    const items = split(text.trim().replace(/,\s*$/, ''));
    if (!items)
      return refuse(
        `cannot be read at ${JSON.stringify(text)}: write schema.table, in double quotes where a name holds a dot, comma or quote`,
      );
    for (const item of items) {
      const name = qualified(item);
      if (name === null)
        return refuse(`has ${JSON.stringify(item.parts.join('.'))}: write schema.table, without patterns`);
      names.push(name);
    }
  }
  if (names.length === 0) return refuse('names no table; leave it out for every table');
  return { ok: true, names: [...new Set(names)] };
}

/** One column as `schema.table.column` without quotes; without a schema it is `public`. Null where it is none. */
export function parseColumnName(text: string): string | null {
  const items = split(text.trim());
  const [item] = items ?? [];
  if (!item || items?.length !== 1) return null;
  if (item.parts.length === 2) return `public.${item.parts.join('.')}`;
  return item.parts.length === 3 ? item.parts.join('.') : null;
}

const PLAIN = /^[^".,\s*](?:[^".,*]*[^".,\s*])?$/;
const spelled = (part: string): string => (PLAIN.test(part) ? part : `"${part.replaceAll('"', '""')}"`);

/** As `parseTableNames` reads it back, also where a name holds a dot, a comma or a quote. */
export const spellTable = (table: { readonly schema: string; readonly name: string }): string =>
  `${spelled(table.schema)}.${spelled(table.name)}`;

/** The same names in the spelling of `spellTable`; null for every table, or a problem. */
export function spellTables(raw: string): { readonly names: readonly string[] | null } | { readonly problem: string } {
  const parsed = parseTableNames(raw);
  if (!parsed.ok) return { problem: parsed.problem };
  if (parsed.names === null) return { names: null };
  const items = split(raw.trim().replace(/,\s*$/, '')) ?? [];
  const names = items.map(({ parts: [first = '', second] }) =>
    second === undefined ? spellTable({ schema: 'public', name: first }) : spellTable({ schema: first, name: second }),
  );
  return { names: [...new Set(names)] };
}
