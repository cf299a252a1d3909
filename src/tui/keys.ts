/** A key that is more than one character, or a character: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys without a character begin with Escape
const KEY = /\x1b\[[0-9;?<]*[@-~]|\x1bO[@-~]|[\s\S]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const UNFINISHED = /\x1b(\[[0-9;?<]*|O)?$/;

/** Longer than the parts of a key are ever apart, too short to be noticed after Esc. */
const PATIENCE_MS = 40;

/** By the last character of a sequence; modifiers are passed over. */
const NAMED: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
};
/** By the number before a tilde. */
const NUMBERED: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'backspace',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};
const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
  '\x1b': 'esc',
  ' ': 'space',
};

function nameOf(key: string): string {
  const last = key.at(-1) ?? '';
  if (key.length > 1 && key.startsWith('\x1b'))
    return (last === '~' ? NUMBERED[/\d+/.exec(key)?.[0] ?? ''] : NAMED[last]) ?? '';
  const code = key.charCodeAt(0);
  return CONTROLS[key] ?? (code < 27 ? `ctrl-${String.fromCharCode(code + 96)}` : key);
}

/** Names of keys as `keyName` gives them; what no key of ours sends is left out. */
export const keysIn = (text: string): readonly string[] =>
  (text.match(KEY) ?? []).map(nameOf).filter((name) => name !== '');

/** Tells the keys that are pressed, until what is returned is called. Raw mode is the caller's. */
export function readKeys(stdin: NodeJS.ReadStream, onKeys: (names: readonly string[]) => void): () => void {
  let held = '';
  let wait: NodeJS.Timeout | undefined;
  const tell = (text: string): void => {
    const names = keysIn(text);
    if (names.length > 0) onKeys(names);
  };
  const flush = (): void => {
    tell(held);
    held = '';
  };
  const take = (chunk: string | Buffer): void => {
    clearTimeout(wait);
    const text = held + chunk.toString();
    held = UNFINISHED.exec(text)?.[0] ?? '';
    tell(text.slice(0, text.length - held.length));
    if (held !== '') wait = setTimeout(flush, PATIENCE_MS);
  };
  // A terminal that is gone is told by a signal.
  const ignore = (): void => undefined;
  stdin.setEncoding('utf8');
  stdin.on('error', ignore).on('data', take);
  return () => {
    clearTimeout(wait);
    stdin.off('error', ignore).off('data', take).pause();
  };
}
