import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

const STANDARD = [0, 1, 2];

/**
 * Ends well also where the terminal was closed meanwhile. At exit Node sets each terminal back to what it was and
 * aborts, with a core dump, where that fails with anything but EPERM (`ResetStdio` in its src/node.cc); one that hung
 * up answers EIO. It leaves out what was closed before.
 */
export function outliveTheTerminal(): void {
  const terminals = STANDARD.filter((fd) => isatty(fd));
  process.on('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  });
}
