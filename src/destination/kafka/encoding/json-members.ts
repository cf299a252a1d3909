/**
 * The members of a JSON object, each as the text that stands there: numbers keep all their digits. Null where the text is
 * not an object. Of a name that comes twice the last counts, as with JSON.parse.
 */
export function jsonMembers(text: string): ReadonlyMap<string, string> | null {
  if (!isObject(text)) return null;
  const members = new Map<string, string>();
  let at = text.indexOf('{') + 1;
  for (;;) {
    const start = text.indexOf('"', at);
    if (start < 0) return members;
    const end = endOfString(text, start);
    const colon = text.indexOf(':', end);
    const last = endOfValue(text, colon + 1);
    members.set(JSON.parse(text.slice(start, end)) as string, text.slice(colon + 1, last).trim());
    if (text[last] === '}') return members;
    at = last + 1;
  }
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isObject = (text: string): boolean => /^\s*\{/.test(text) && isJson(text);

/** Index behind the closing quote. The text is known to be JSON. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Index of the comma or brace behind the value. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; at++) {
    const one = text[at];
    if (one === '"') at = endOfString(text, at) - 1;
    else if (one === '{' || one === '[') depth += 1;
    else if (depth === 0 && (one === ',' || one === '}')) return at;
    else if (one === '}' || one === ']') depth -= 1;
  }
}
