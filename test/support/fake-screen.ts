/** One terminal screen: understands what Ink and the views write. */
export class FakeScreen {
  private lines: string[][] = [[]];
  private main: string[][] | null = null;
  /** Lines that go on in the next one, because there was no room. */
  private readonly broken = new WeakSet<string[]>();
  private row = 0;
  private column = 0;
  private readonly reflows: boolean;
  columns: number;
  rows: number;
  cursorShown = true;

  constructor(columns: number, rows: number, reflows = true) {
    this.reflows = reflows;
    this.columns = columns;
    this.rows = rows;
  }

  get alternate(): boolean {
    return this.main !== null;
  }

  /** What can be seen, without spaces at the ends of lines. */
  get text(): string {
    const shown = this.lines.map((line) =>
      Array.from(line, (char) => char ?? ' ')
        .join('')
        .trimEnd(),
    );
    return shown.join('\n').trimEnd();
  }

  /** As tmux does it: a whole screen is cut, anything else broken anew (xterm does not), and leaves at the top. */
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    if (this.alternate || !this.reflows) this.lines = this.lines.map((line) => line.slice(0, columns));
    else this.reflow();
    const above = this.alternate ? 0 : Math.max(0, this.row - rows + 1);
    this.lines = this.lines.slice(above, above + rows);
    this.row = Math.min(this.row - above, rows - 1);
    this.column = Math.min(this.column, columns - 1);
  }

  /** The cursor stays in its line. */
  private reflow(): void {
    const next: string[][] = [];
    let [row, column] = [this.row, this.column];
    let line: string[] = [];
    for (const [at, part] of this.lines.entries()) {
      if (at === this.row) [row, column] = [next.length, line.length + this.column];
      line.push(...part);
      if (this.broken.has(part)) continue;
      next.push(...this.pieces(line));
      line = [];
    }
    if (this.row >= this.lines.length) row = next.length + this.row - this.lines.length;
    this.lines = next;
    this.row = row + Math.floor(column / this.columns);
    this.column = column % this.columns;
  }

  private pieces(line: string[]): string[][] {
    const pieces: string[][] = [];
    do pieces.push(line.splice(0, this.columns));
    while (line.length > 0);
    for (const piece of pieces.slice(0, -1)) this.broken.add(piece);
    return pieces;
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals are told by
    for (const part of text.match(/\x1b\[[?0-9;]*[A-Za-z]|\x1b.|[^\x1b]/gu) ?? []) {
      if (part.startsWith('\x1b[')) this.control(part);
      else if (!part.startsWith('\x1b')) this.put(part);
    }
  }

  private put(char: string): void {
    if (char === '\r') this.column = 0;
    else if (char === '\n') this.newLine();
    else {
      if (this.column >= this.columns) {
        this.broken.add(this.line());
        this.newLine();
      }
      this.line()[this.column++] = char;
    }
  }

  /** The terminal's driver turns a line feed into both. */
  private newLine(): void {
    this.column = 0;
    if (this.row < this.rows - 1) this.row++;
    else this.lines = this.lines.slice(1);
  }

  private line(): string[] {
    while (this.lines.length <= this.row) this.lines.push([]);
    const line = this.lines[this.row] as string[];
    while (line.length < this.column) line.push(' ');
    return line;
  }

  private control(code: string): void {
    const count = Number(/\d+/.exec(code)?.[0] ?? 1);
    switch (code.at(-1)) {
      case 'A':
        this.row = Math.max(0, this.row - count);
        return;
      case 'B':
        this.row = Math.min(this.rows - 1, this.row + count);
        return;
      case 'E':
        this.row = Math.min(this.rows - 1, this.row + count);
        this.column = 0;
        return;
      case 'G':
        this.column = count - 1;
        return;
      case 'H':
        this.goTo(code);
        return;
      case 'J':
        this.lines = code === '\x1b[2J' ? [] : this.lines.slice(0, this.row + 1);
        if (code !== '\x1b[2J') this.erase('\x1b[K');
        return;
      case 'K':
        this.erase(code);
        return;
      case 'h':
      case 'l':
        this.mode(code);
    }
  }

  private goTo(code: string): void {
    const [row = 1, column = 1] = code.slice(2, -1).split(';').map(Number);
    this.row = Math.min(this.rows, row || 1) - 1;
    this.column = Math.min(this.columns, column || 1) - 1;
  }

  private erase(code: string): void {
    const from = code === '\x1b[2K' ? 0 : this.column;
    this.lines[this.row] = this.line().slice(0, from);
  }

  private mode(code: string): void {
    const on = code.endsWith('h');
    if (code.includes('?25')) this.cursorShown = on;
    if (!code.includes('?1049')) return;
    if (on) {
      this.main = this.lines;
      this.lines = [];
    } else {
      this.lines = this.main ?? [[]];
      this.main = null;
      this.row = this.lines.length - 1;
    }
  }
}
