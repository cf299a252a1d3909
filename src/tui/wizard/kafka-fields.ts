import { KAFKA_SECURITY } from '../../model/kafka.ts';
import type { Answers } from '../../setup/answers.ts';
import { hasKafka, kindOf } from '../../setup/kinds.ts';
import { shownRegistry, splitRegistry } from '../../setup/registry-url.ts';
import { shownUrl } from '../../setup/secrets.ts';
import { fieldLine } from '../components/text-field.ts';
import type { Binding } from '../keymap.ts';
import type { Style } from '../theme.ts';
import { clip } from '../width.ts';
import { field, UNDER } from './lines.ts';
import type { Question } from './ports.ts';
import { type FieldName, failureOf, isAsking, known, type WizardState } from './state.ts';
import { ask, type Update } from './update.ts';

const EXAMPLE = 'kafka://host:9092/topic-prefix';

/** A database can have Kafka beside it. */
export const takesMirror = ({ fields }: WizardState): boolean => kindOf(fields.destination.text)?.type !== 'kafka';

export const mirrorOf = (state: WizardState): string => (takesMirror(state) ? state.fields.mirror.text.trim() : '');

const involved = (state: WizardState): boolean =>
  hasKafka({ destination: state.fields.destination.text, mirror: mirrorOf(state) });

/** Empty where nobody would use one. */
export const registryOf = (state: WizardState): string => (involved(state) ? state.fields.registry.text.trim() : '');

/** What the connection is made by beside the URL. */
export const spoken = (state: WizardState): string =>
  involved(state) ? `${state.answers.kafkaSecurity ?? ''} ${state.answers.kafkaRegistry}` : '';

/** Fields below the URL of the destination that Kafka has. */
export const kafkaFields = (state: WizardState): readonly FieldName[] => [
  ...(takesMirror(state) ? (['mirror'] as const) : []),
  ...(involved(state) ? (['registry'] as const) : []),
];

/** Questions whose answers another text in this field would change. */
export const askedWith = (name: FieldName, side: 'source' | 'destination'): readonly Question[] =>
  name === 'mirror' ? ['mirror'] : name === 'registry' ? ['mirror', 'destination'] : [side];

/** The answer that a registry leads to: it has the schemas, so that events need none. */
export function withRegistry(answers: Answers, url: string): Answers {
  if (url !== '') splitRegistry(url);
  const kafkaFormat = url !== '' && answers.kafkaFormat === 'debezium-schema' ? 'debezium' : answers.kafkaFormat;
  return { ...answers, kafkaRegistry: url, kafkaFormat };
}

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

interface Optional {
  readonly name: 'mirror' | 'registry';
  readonly title: string;
  readonly hint: string;
  readonly shown: (url: string) => string;
}

const MIRROR: Optional = {
  name: 'mirror',
  title: 'Kafka too',
  hint: `optional: every change there too, ${EXAMPLE}`,
  shown: (url) => shownUrl(url, 'MIRROR'),
};

const REGISTRY: Optional = {
  name: 'registry',
  title: 'registry',
  hint: 'optional: of schemas, for Avro: http://user:password@registry:8081',
  shown: shownRegistry,
};

function optionalLines({ name, title, hint, shown }: Optional, state: WizardState, style: Style, room: number) {
  const focused = state.focus === name;
  const { text } = state.fields[name];
  const dot = style.symbols.dot;
  const typed = focused ? fieldLine(state.fields[name], room, style, 'url') : clip(shown(text), room, dot);
  const clipped = clip(hint, room, dot);
  return [
    field(title, text === '' && !focused ? style.dim(clipped) : typed, focused, style),
    ...(text === '' && focused ? [style.dim(`${UNDER}${clipped}`)] : []),
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
  ...(takesMirror(state) ? ['', ...optionalLines(MIRROR, state, style, columns - UNDER.length)] : []),
  ...(involved(state)
    ? [securityLine(state, style), ...optionalLines(REGISTRY, state, style, columns - UNDER.length)]
    : []),
];
