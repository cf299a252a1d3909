/** An array as it stands in JSON text: lists, and leaves with every character that was written. */
export type Leaves = string | readonly Leaves[];

const LEAF = /\s*(?:"(?:[^"\\]|\\.)*"|[^[\]{}",\s]+)/uy;

/** Splits JSON text down to `depth` lists; below that it stays as it is written, numbers with all their digits. */
export function leavesOf(json: string, depth: number): Leaves {
  let at = 0;
  const blank = (): void => {
    while (' \t\n\r'.includes(json[at] ?? 'x')) at++;
  };
  /** To the end of one value, whatever it is. */
  const skip = (): void => {
    let open = 0;
    do {
      blank();
      const character = json[at] ?? '';
      if (character === '') throw new Error(`JSON ends too early: ${json}`);
      if ('[{'.includes(character)) open++;
      if (']}'.includes(character)) open--;
      if ('[]{},:'.includes(character)) at++;
      else at += leafAt(json, at).length;
    } while (open > 0);
  };
  const value = (left: number): Leaves => {
    blank();
    const from = at;
    if (left === 0 || json[at] !== '[') {
      skip();
      return json.slice(from, at);
    }
    const list: Leaves[] = [];
    at++;
    blank();
    while (json[at] !== ']') {
      list.push(value(left - 1));
      blank();
      if (json[at] === ',') at++;
      else if (json[at] !== ']') throw new Error(`not JSON at ${at}: ${json}`);
    }
    at++;
    return list;
  };
  const found = value(depth);
  blank();
  if (at !== json.length) throw new Error(`more than JSON at ${at}: ${json}`);
  return found;
}

function leafAt(json: string, at: number): string {
  LEAF.lastIndex = at;
  const found = LEAF.exec(json)?.[0];
  if (found === undefined) throw new Error(`not JSON at ${at}: ${json}`);
  return found;
}
