import { useStdout } from 'ink';
import { useEffect, useState } from 'react';

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

/** The terminal's size, followed while it changes. */
export function useSize(): Size {
  const { stdout } = useStdout();
  const [size, setSize] = useState(() => sizeOf(stdout));
  useEffect(() => {
    const follow = (): void => setSize(sizeOf(stdout));
    stdout.on('resize', follow);
    follow();
    return () => void stdout.off('resize', follow);
  }, [stdout]);
  return size;
}
