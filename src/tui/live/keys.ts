import type { Binding } from '../keymap.ts';
import type { LiveState } from './state.ts';

export type Command =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'panel'
  | 'filter'
  | 'sort'
  | 'reverse'
  | 'pause'
  | 'log'
  | 'help'
  | 'quit'
  | 'interrupt';

type Keys = readonly Binding<Command>[];

const move = (short: string, above: string, below: string): Keys => [
  { command: 'up', keys: ['up', 'k'], short, doc: above },
  { command: 'down', keys: ['down', 'j'], short, doc: below },
];

const FAR: Keys = [
  { command: 'page-up', keys: ['pageup'], short: '', doc: 'One page up' },
  { command: 'page-down', keys: ['pagedown'], short: '', doc: 'One page down' },
  { command: 'first', keys: ['home', 'g'], short: '', doc: 'To the first line' },
  { command: 'last', keys: ['end', 'G'], short: '', doc: 'To the last line' },
];

const TABLES: Keys = [
  ...move('select', 'Select the table above', 'Select the table below'),
  { command: 'open', keys: ['enter'], short: 'details', doc: 'Details of the table: columns, last change, last error' },
  { command: 'filter', keys: ['/'], short: 'filter', doc: 'Show only tables whose name contains what is typed' },
  { command: 'sort', keys: ['s'], short: 'sort', doc: 'Sort by rows/s, name, state or changes' },
  { command: 'reverse', keys: ['S'], short: '', doc: 'Sort the other way round' },
];

const SCROLL = move('scroll', 'One line up', 'One line down');
const PANEL: Keys = [{ command: 'panel', keys: ['tab', 'shift-tab'], short: 'panel', doc: 'To the other panel' }];
const BACK: Keys = [{ command: 'back', keys: ['esc', 'backspace'], short: 'back', doc: 'Back', keep: true }];

const paused = ({ status }: LiveState): boolean => status?.phase === 'paused';

const pauseKeys = (state: LiveState): Keys => {
  if (!state.canPause || state.stopping) return [];
  const short = paused(state) ? 'resume' : 'pause';
  return [
    { command: 'pause', keys: ['p'], short, doc: 'Hold the pipeline, and let it go on: the slot keeps the rest' },
  ];
};

function leaveKeys({ leaving, stopping }: LiveState): Keys {
  if (stopping)
    return [
      {
        command: 'interrupt',
        keys: ['ctrl-c'],
        short: 'stop at once',
        doc: 'Stop at once: nothing is lost',
        keep: true,
      },
    ];
  const doc =
    leaving === 'quit' ? 'End: the batch in hand is committed, the slot released' : 'Leave; the replication goes on';
  return [
    { command: 'quit', keys: ['q'], short: leaving, doc, keep: true },
    { command: 'interrupt', keys: ['ctrl-c'], short: '', doc: 'The same; a second one stops at once' },
  ];
}

const LOG: Keys = [{ command: 'log', keys: ['l'], short: 'log', doc: 'Every event, with all of its text' }];
const HELP: Keys = [{ command: 'help', keys: ['?'], short: 'help', doc: 'This page', keep: true }];

const EVENTS: Keys = [
  ...SCROLL,
  { command: 'open', keys: ['enter'], short: 'whole log', doc: 'Every event, with all of its text' },
];

/** On the main page Esc undoes what was narrowed there. */
function undoKeys({ filter, focus }: LiveState): Keys {
  if (filter === '' && focus === 'tables') return [];
  const short = filter ? 'show all' : 'tables';
  return [{ command: 'back', keys: ['esc'], short, doc: 'Show all tables, and go to them' }];
}

function pageKeys(state: LiveState): Keys {
  if (state.page !== 'main') return [...SCROLL, ...BACK];
  return [...(state.focus === 'tables' ? TABLES : EVENTS), ...undoKeys(state)];
}

/** What the keys do now. The filter line takes all but `esc` and `enter` as text. */
export function keysOf(state: LiveState): Keys {
  if (state.typing)
    return [
      { command: 'open', keys: ['enter'], short: 'keep the filter', doc: 'Keep the filter', keep: true },
      { command: 'back', keys: ['esc'], short: 'show all', doc: 'Show all', keep: true },
      { command: 'interrupt', keys: ['ctrl-c'], short: '', doc: '' },
    ];
  const main = state.page === 'main';
  return [
    ...pageKeys(state),
    ...pauseKeys(state),
    ...(main ? LOG : []),
    ...(main ? PANEL : []),
    ...FAR,
    ...(state.page === 'help' ? [] : HELP),
    ...leaveKeys(state),
  ];
}

/** For the help: what the keys do where the help was opened from. */
export const helpKeys = (state: LiveState): Keys => keysOf({ ...state, page: state.under });
