export interface Size {
  readonly columns: number;
  readonly rows: number;
}

interface Sized {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** A terminal that does not tell is 80 by 24. */
export const sizeOf = ({ columns, rows }: Sized): Size => ({ columns: columns || 80, rows: rows || 24 });
