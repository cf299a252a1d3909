import { ERROR_CODES, type ErrorCode } from '../../model/error-codes.ts';
import type { Failure } from '../../status/status.ts';
import { destinationsLine } from '../destinations.ts';
import type { Style } from '../theme.ts';
import { clip, plain } from '../width.ts';
import type { LiveState } from './state.ts';

/** Markdown is for the documentation. */
const bare = (text: string): string => text.replaceAll('`', '');

/** What pg2any does about it; nothing of a code that another version knows. */
export function whatItDoes(code: string): string {
  const known: Readonly<Record<string, ErrorCode>> = ERROR_CODES;
  return bare(known[code]?.does ?? '');
}

/** What happened, what pg2any does about it, what the user can do. */
export const threeParts = ({ code, message, hint }: Failure): readonly string[] =>
  [message, whatItDoes(code), bare(hint)].map(plain).filter((text) => text !== '');

/** How each of several destinations is; and, while it waits for the next attempt, why. */
export function noticeLines({ status, stopping }: LiveState, style: Style, columns: number): readonly string[] {
  const { symbols } = style;
  const each = destinationsLine(status?.destinations ?? [], style);
  const line = each === '' ? [] : [clip(each, columns, symbols.dot)];
  if (status?.phase !== 'retrying' || !status.lastError || stopping) return line;
  const [what = '', ...rest] = threeParts(status.lastError);
  return [
    ...line,
    style.warn(clip(`${symbols.warn} ${what}`, columns, symbols.dot)),
    clip(`  ${rest.join(' ')}`, columns, symbols.dot),
  ];
}
