/** Edits (insert, delete, replace, swap of neighbours) between two texts. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_.\s]/g, '');

/** The candidate that was probably meant, or null when none is close. */
export function nearest(text: string, candidates: readonly string[]): string | null {
  const wanted = plain(text);
  const scored = candidates.map((candidate) => ({ candidate, edits: distance(wanted, plain(candidate)) }));
  scored.sort((a, b) => a.edits - b.edits);
  const best = scored[0];
  if (!best) return null;
  const allowed = Math.max(2, Math.round(Math.max(wanted.length, plain(best.candidate).length) * 0.4));
  return best.edits <= allowed && best.edits < wanted.length ? best.candidate : null;
}
