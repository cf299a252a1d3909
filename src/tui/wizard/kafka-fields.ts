import { KAFKA_SECURITY } from '../../model/kafka.ts';
import { hasKafka, kindOf } from '../../setup/kinds.ts';
import { shownUrl } from '../../setup/secrets.ts';
import { fieldLine } from '../components/text-field.ts';
import type { Binding } from '../keymap.ts';
import type { Style } from '../theme.ts';
import { clip } from '../width.ts';
import { field, UNDER } from './lines.ts';
import { failureOf, isAsking, known, type WizardState } from './state.ts';
import { ask, type Update } from './update.ts';

const EXAMPLE = 'kafka://host:9092/topic-prefix';

/** A database can have Kafka beside it. */
export const takesMirror = ({ fields }: WizardState): boolean => kindOf(fields.destination.text)?.type !== 'kafka';

export const mirrorOf = (state: WizardState): string => (takesMirror(state) ? state.fields.mirror.text.trim() : '');

const involved = (state: WizardState): boolean =>
  hasKafka({ destination: state.fields.destination.text, mirror: mirrorOf(state) });

/** What the connection is made by beside the URL. */
export const spoken = (state: WizardState): string => (involved(state) ? (state.answers.kafkaSecurity ?? '') : '');

/** As it follows from the URL, unless it was chosen. */
function securityOf(state: WizardState): (typeof KAFKA_SECURITY)[number] {
  const url = mirrorOf(state) || state.fields.destination.text;
  return state.answers.kafkaSecurity ?? (/\/\/[^/]+@/.test(url) ? 'sasl_plaintext' : 'plaintext');
}

export const securityKeys = (state: WizardState): readonly Binding<string>[] =>
  involved(state)
    ? [{ command: 'security', keys: ['ctrl-s'], short: 'security', doc: 'Another way to speak to Kafka' }]
    : [];

export function turnedSecurity(state: WizardState): WizardState {
  const next = KAFKA_SECURITY[(KAFKA_SECURITY.indexOf(securityOf(state)) + 1) % KAFKA_SECURITY.length];
  const { mirror: _, destination: __, ...asked } = state.asked;
  return { ...state, asked, answers: { ...state.answers, kafkaSecurity: next ?? null } };
}

/** Why a mirror cannot be tried; null where it can. */
export const mirrorProblem = (state: WizardState): string | null =>
  mirrorOf(state) === '' || kindOf(mirrorOf(state))?.type === 'kafka' ? null : `Kafka's URL begins as ${EXAMPLE}`;

/** Both at once: neither waits for the other. */
export const askMirror = (update: Update): Update => {
  const { mirror } = update.state.answers;
  return mirror === '' ? update : ask(update, 'mirror', `${mirror} ${spoken(update.state)}`);
};

/** Everything that was named answers. */
export const allKnown = (state: WizardState): boolean =>
  known(state, 'destination') !== null && (state.answers.mirror === '' || known(state, 'mirror') !== null);

export const askingMirror = (state: WizardState): boolean => mirrorOf(state) !== '' && isAsking(state, 'mirror');
export const mirrorFailure = (state: WizardState) => (mirrorOf(state) === '' ? null : failureOf(state, 'mirror'));

function mirrorLines(state: WizardState, style: Style, room: number): readonly string[] {
  const focused = state.focus === 'mirror';
  const { text } = state.fields.mirror;
  const dot = style.symbols.dot;
  const typed = focused
    ? fieldLine(state.fields.mirror, room, style, 'url')
    : clip(shownUrl(text, 'MIRROR'), room, dot);
  const hint = clip(`optional: every change there too, ${EXAMPLE}`, room, dot);
  const value = text === '' && !focused ? style.dim(hint) : typed;
  return [
    '',
    field('Kafka too', value, focused, style),
    ...(text === '' && focused ? [style.dim(`${UNDER}${hint}`)] : []),
  ];
}

function securityLine(state: WizardState, style: Style): string {
  const now = securityOf(state);
  const words = KAFKA_SECURITY.map((one) =>
    one === now ? style.focus(`${style.symbols.on} ${one}`) : style.dim(`${style.symbols.off} ${one}`),
  );
  return field('security', words.join('  '), false, style);
}

/** Below the URL of the destination. */
export const kafkaLines = (state: WizardState, style: Style, columns: number): readonly string[] => [
  ...(takesMirror(state) ? mirrorLines(state, style, columns - UNDER.length) : []),
  ...(involved(state) ? [securityLine(state, style)] : []),
];
