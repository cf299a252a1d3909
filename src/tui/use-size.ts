import { useStdout } from 'ink';
import { useEffect, useState } from 'react';
import { type Size, sizeOf } from './size.ts';

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
