import { describe, expect, it } from 'vitest';
import { answerTo } from '../../../src/tui/components/confirm.ts';
import { filtered, moved, NEW_LIST, shownItems, visible } from '../../../src/tui/components/filter-list.ts';
import { edited, fieldLine, fieldOf, masked } from '../../../src/tui/components/text-field.ts';
import { plainStyle } from '../../../src/tui/theme.ts';

const typed = (text: string, ...names: readonly string[]) =>
  names.reduce((field, name) => edited(field, name, name), fieldOf(text));

describe('a text field', () => {
  it('takes pasted text in one piece, without line ends and other control characters', () => {
    expect(edited(fieldOf('a'), 'paste', 'b\r\nc\x1b[Dd\x00\n').text).toBe('abc[Dd');
  });

  it('moves and deletes as shells do, and types no letter for it', () => {
    expect(typed('ab', 'left', 'x')).toEqual({ text: 'axb', at: 2 });
    expect(typed('ab', 'home', 'x', 'end', 'backspace').text).toBe('xa');
    expect(typed('one two', 'ctrl-w').text).toBe('one ');
    expect(typed('postgres://u:p@h/db', 'ctrl-w', 'ctrl-w').text).toBe('postgres://u:p@');
    expect(typed('abc', 'left', 'ctrl-u')).toEqual({ text: 'c', at: 0 });
    for (const key of ['ctrl-x', 'alt-x', 'up', 'tab', 'enter', 'esc', 'pagedown'])
      expect(typed('a', key).text).toBe('a');
  });

  it('never shows the password of a URL, also while it is typed', () => {
    const url = 'mysql://u:s3cret@h:3306/d';
    for (let end = 'mysql://u:'.length; end <= url.length; end++) {
      const shown = masked(url.slice(0, end), 'url');
      expect(shown).toHaveLength(end);
      expect(shown).not.toContain('s3');
    }
    expect(masked('postgres://u:p@ss@h/d', 'url')).toBe('postgres://u:****@h/d');
    expect(masked('postgres://host:5432/d', 'url')).toBe('postgres://host:5432/d');
    expect(masked('geheim', 'all')).toBe('******');
  });

  it('shows the part around the cursor of a text that is too long', () => {
    const line = fieldLine(fieldOf(`${'a'.repeat(50)}end`), 20, plainStyle);
    expect(line).toHaveLength(20);
    expect(line.endsWith('end▏')).toBe(true);
  });
});

describe('a list with a filter', () => {
  const names = Array.from({ length: 500 }, (_, n) => `public.t${n}`);

  it('shows what contains the filter, in any case, from its first match', () => {
    const list = ['4', '2'].reduce((one, key) => filtered(one, key, key), { ...NEW_LIST, typing: true, at: 300 });
    expect(list).toEqual({ filter: '42', typing: true, at: 0 });
    expect(shownItems(names, 'T42', (name) => name)).toHaveLength(11);
    expect(filtered(list, 'enter', '')).toEqual({ ...list, typing: false });
    expect(filtered(list, 'esc', '')).toEqual(NEW_LIST);
  });

  it('stays inside of what there is', () => {
    expect(moved(NEW_LIST, 'up', 3)?.at).toBe(0);
    expect(moved(NEW_LIST, 'end', 3)?.at).toBe(2);
    expect(moved(NEW_LIST, 'down', 0)?.at).toBe(0);
    expect(moved(NEW_LIST, 'x', 3)).toBeNull();
    expect(visible(names, 250, 10)).toMatchObject({ from: 245, rest: 490 });
  });
});

describe('a question before something', () => {
  it('takes only y for yes: Enter is no answer', () => {
    expect(['y', 'Y', 'n', 'esc', 'enter', 'space'].map(answerTo)).toEqual(['yes', 'yes', 'no', 'no', null, null]);
  });
});
