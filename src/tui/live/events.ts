import type { LogEvent } from '../../model/event.ts';
import { clock } from '../format.ts';
import { spelled } from '../symbols.ts';
import type { Style } from '../theme.ts';
import { clip, plain, wrapped } from '../width.ts';
import type { LiveState } from './state.ts';

/** `14:02:11  ▲ ` */
const HEAD = 12;

const symbol = ({ severity }: LogEvent, style: Style): string =>
  severity === 'info' ? style.dim(style.symbols.bullet) : style[severity](style.symbols[severity]);

const head = (event: LogEvent, style: Style): string => `${style.dim(clock(event.at))}  ${symbol(event, style)} `;

const messageOf = ({ message }: LogEvent, { symbols }: Style): string => spelled(plain(message), symbols);

const tinted = ({ severity }: LogEvent, text: string, style: Style): string =>
  severity === 'error' || severity === 'warn' ? style[severity](text) : text;

/** A line per event, the newest last; `offset` events back from the end. */
export function eventLines(state: LiveState, style: Style, columns: number, room: number): readonly string[] {
  const { events, focus, offset } = state;
  const back = focus === 'events' ? Math.min(offset, Math.max(0, events.length - room)) : 0;
  return events
    .slice(Math.max(0, events.length - back - room), events.length - back)
    .map(
      (event) =>
        head(event, style) + tinted(event, clip(messageOf(event, style), columns - HEAD, style.symbols.dot), style),
    );
}

/** Every event with all of its text. */
export function logLines({ events }: LiveState, style: Style, columns: number): readonly string[] {
  if (events.length === 0) return [style.dim('nothing has happened yet')];
  return events.flatMap((event) =>
    wrapped(messageOf(event, style), columns - HEAD).map((text, index) =>
      index === 0 ? head(event, style) + tinted(event, text, style) : ' '.repeat(HEAD) + tinted(event, text, style),
    ),
  );
}
