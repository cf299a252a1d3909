import { KINDS, kindOf } from '../../setup/kinds.ts';
import { shownUrl, splitSecrets, withPassword } from '../../setup/secrets.ts';
import { edited, fieldLine, fieldOf } from '../components/text-field.ts';
import { milliseconds } from '../format.ts';
import type { Binding } from '../keymap.ts';
import type { Style } from '../theme.ts';
import { clip } from '../width.ts';
import {
  allKnown,
  askedWith,
  askingMirror,
  askMirror,
  kafkaFields,
  kafkaLines,
  mirrorFailure,
  mirrorOf,
  mirrorProblem,
  registryOf,
  securityKeys,
  spoken,
  turnedSecurity,
  withRegistry,
} from './kafka-fields.ts';
import { failureLines, field, titled, UNDER } from './lines.ts';
import { forward, settled } from './navigation.ts';
import { type FieldName, failureOf, isAsking, known, type WizardState } from './state.ts';
import { NEXT, type Room, type Step } from './steps.ts';
import { ask, only, type Update } from './update.ts';

type Side = 'source' | 'destination';

const SIDES = { source: 'SOURCE', destination: 'DEST' } as const;
const passwordOf = (side: Side): FieldName => `${side}Password`;

const WORDS: Readonly<Record<Side, readonly string[]>> = {
  source: [
    'The PostgreSQL to copy from. Paste its URL:',
    'postgres://user:password@host:5432/database',
    'Its role needs REPLICATION and may read the tables; whatever is missing is found in a moment, with the fix.',
  ],
  destination: [
    'Where the copy goes. Tables are created there, and existing ones that fit are used.',
    '',
    'Its user may create tables. Nothing is written before you have seen and confirmed everything.',
  ],
};

const lacksPassword = (side: Side, state: WizardState): boolean => {
  const failure = failureOf(state, side);
  return failure !== null && /_AUTH$/.test(failure.code);
};

const asksPassword = (side: Side, state: WizardState): boolean =>
  state.focus === passwordOf(side) || state.fields[passwordOf(side)].text !== '' || lacksPassword(side, state);

function withField(state: WizardState, name: FieldName, text: string): WizardState {
  return { ...state, notice: null, fields: { ...state.fields, [name]: fieldOf(text) } };
}

/** A password in a field of its own takes the place of the one in the URL, which was refused. */
function urlOf(side: Side, { fields }: WizardState): string {
  const url = fields[side].text.trim();
  const password = fields[passwordOf(side)].text;
  if (password === '') return url;
  const bare = url.replace(/^([^:]+:\/\/[^:/@]*):.*@/, '$1@');
  return withPassword(bare, SIDES[side], null, password);
}

/** What has to answer before it goes on. */
const reached = (side: Side, state: WizardState): boolean =>
  side === 'destination' ? allKnown(state) : known(state, side) !== null;

const onward = (update: Update, side: Side): Update =>
  reached(side, update.state) ? only(forward(settled(update.state)), { type: 'keep' }) : update;

function connectDestination(state: WizardState, url: string): Update {
  const problem = mirrorProblem(state);
  if (problem) return only({ ...state, notice: problem });
  const mirror = mirrorOf(state);
  if (mirror !== '') splitSecrets(mirror, 'MIRROR');
  const { destination, destinationType } = state.answers;
  const type = url === destination ? destinationType : null;
  const answers = { ...state.answers, destination: url, destinationType: type, mirror };
  const next = { ...state, answers: withRegistry(answers, registryOf(state)), notice: null };
  return onward(askMirror(ask(only(next), 'destination', `${url} ${spoken(next)}`)), 'destination');
}

function connect(side: Side, state: WizardState): Update {
  if (state.fields[side].text.trim() === '') return only({ ...state, notice: 'A URL is needed to go on.' });
  try {
    const url = urlOf(side, state);
    if (side === 'source' && !/^postgres(ql)?:\/\//i.test(url))
      return only({ ...state, notice: 'The URL of a PostgreSQL begins with postgres://' });
    splitSecrets(url, SIDES[side]);
    if (side === 'destination') return connectDestination(state, url);
    const answers = { ...state.answers, source: url };
    return onward(ask(only({ ...state, answers, notice: null }), side, url), side);
  } catch (error) {
    return only({ ...state, notice: (error as Error).message });
  }
}

function switchKind(state: WizardState, by: 1 | -1): WizardState {
  const now = KINDS.findIndex(({ type }) => type === kindOf(state.fields.destination.text)?.type);
  const next = KINDS[now < 0 ? 0 : (now + by + KINDS.length) % KINDS.length];
  const started = KINDS.some(({ start }) => start === state.fields.destination.text);
  const rest = started ? '' : state.fields.destination.text.replace(/^[a-z][a-z0-9+.-]*:(\/\/|\.\/)?/i, '');
  return withField(state, 'destination', `${next?.start}${rest}`);
}

const fieldsOf = (side: Side, state: WizardState): readonly FieldName[] => [
  side,
  ...(asksPassword(side, state) ? [passwordOf(side)] : []),
  ...(side === 'destination' ? kafkaFields(state) : []),
];

function nextField(side: Side, state: WizardState): WizardState {
  const all = fieldsOf(side, state);
  return { ...state, focus: all[(all.indexOf(state.focus) + 1) % all.length] ?? side };
}

const keysOf =
  (side: Side) =>
  (state: WizardState): readonly Binding<string>[] => [
    { ...NEXT, short: 'connect', doc: 'Connect, and go on when it works' },
    ...(side === 'destination'
      ? [
          { command: 'kind+', keys: ['down'], short: 'kind', doc: 'Another kind of database' },
          { command: 'kind-', keys: ['up'], short: '', doc: 'The kind before' },
        ]
      : []),
    ...(fieldsOf(side, state).length > 1
      ? [{ command: 'field', keys: ['tab', 'shift-tab'], short: 'other field', doc: 'The field below' }]
      : []),
    ...(side === 'destination' ? securityKeys(state) : []),
  ];

function command(side: Side, state: WizardState, name: string): Update {
  if (name === 'next') return connect(side, state);
  if (name === 'field') return only(nextField(side, state));
  if (name === 'security') return only(turnedSecurity(state));
  return only(switchKind(state, name === 'kind+' ? 1 : -1));
}

function kinds(state: WizardState, style: Style, columns: number): string {
  const now = kindOf(state.fields.destination.text);
  const gap = columns < 50 ? ' ' : '   ';
  return KINDS.map((kind) =>
    kind === now ? style.focus(`${style.symbols.on} ${kind.label}`) : style.dim(`${style.symbols.off} ${kind.label}`),
  ).join(gap);
}

function lines(side: Side, state: WizardState, style: Style, { columns }: Room): readonly string[] {
  const [what = '', example, needs = ''] = WORDS[side];
  const url = fieldLine(state.fields[side], columns - UNDER.length, style, 'url');
  const hint = example || kindOf(state.fields.destination.text)?.example || KINDS[0]?.example || '';
  const failure = failureOf(state, side) ?? (side === 'destination' ? mirrorFailure(state) : null);
  const secret = passwordOf(side);
  const asking = isAsking(state, side) || (side === 'destination' && askingMirror(state));
  return [
    ...titled(what, columns),
    ...(side === 'destination' ? [kinds(state, style, columns)] : []),
    '',
    field(
      'URL',
      state.focus === side
        ? url
        : clip(shownUrl(state.fields[side].text, SIDES[side]), columns - UNDER.length, style.symbols.dot),
      state.focus === side,
      style,
    ),
    ...(state.fields[side].text === '' || side === 'destination'
      ? [style.dim(`${UNDER}${clip(hint, columns - UNDER.length, style.symbols.dot)}`)]
      : []),
    ...(asksPassword(side, state)
      ? [
          field(
            'password',
            fieldLine(state.fields[secret], columns - UNDER.length, style, 'all'),
            state.focus === secret,
            style,
          ),
        ]
      : []),
    ...(side === 'destination' ? kafkaLines(state, style, columns) : []),
    ...(asking ? ['', style.focus(`${style.symbols.info} connecting${style.symbols.dot}`)] : []),
    ...(failure ? ['', ...failureLines(failure, style, columns)] : []),
    ...(asking || failure ? [] : ['', ...titled(needs, columns).map(style.dim)]),
  ];
}

/** A URL that is tried at once. */
export const connectStep = (side: Side): Step => ({
  title: side === 'source' ? 'Source' : 'Destination',
  about: () => '',
  enter: (state) => only(state),
  keys: keysOf(side),
  command: (state, name) => command(side, state, name),
  text: (state, name, typed) => {
    const of = fieldsOf(side, state).includes(state.focus) ? state.focus : side;
    const changed = askedWith(of, side);
    const asked = Object.fromEntries(Object.entries(state.asked).filter(([one]) => !changed.some((q) => q === one)));
    const next = edited(state.fields[of], name, typed);
    const same = next.text === state.fields[of].text;
    return only({ ...state, asked: same ? state.asked : asked, notice: null, fields: { ...state.fields, [of]: next } });
  },
  learned: (state, question) => {
    if (question !== side && !(side === 'destination' && question === 'mirror')) return only(state);
    if (reached(side, state)) return only(forward(settled(state)), { type: 'keep' });
    return only(lacksPassword(side, state) ? { ...state, focus: passwordOf(side) } : state);
  },
  lines: (state, style, room) => lines(side, state, style, room),
  answer: ({ answers, ...state }) => {
    const here = known({ answers, ...state }, side);
    const beside = side === 'destination' && answers.mirror !== '' ? answers.mirror : null;
    const mirror = beside === null ? null : known({ answers, ...state }, 'mirror');
    const url = shownUrl(answers[side], SIDES[side]) + (beside ? ` and ${shownUrl(beside, 'MIRROR')}` : '');
    const products = [here, mirror].flatMap((one) => (one ? [one.product] : []));
    return [url, here ? `${products.join(' and ')} · ${milliseconds(here.roundTripMs)}` : ''];
  },
});
