import { drivers } from '../destination/registry.ts';

/** A kind of destination that can be chosen. */
export interface Kind {
  readonly type: string;
  readonly label: string;
  readonly example: string;
  /** What its URLs begin with. */
  readonly start: string;
}

export const KINDS: readonly Kind[] = drivers.map(({ type, label, example, schemes: [scheme = ''], defaultPort }) => ({
  type,
  label,
  example,
  start: defaultPort === null ? `${scheme}:./` : `${scheme}://`,
}));

/** The kind that a URL belongs to by its scheme, before one that takes the scheme too. */
export function kindOf(url: string): Kind | null {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url.trim())?.[1]?.toLowerCase() ?? '';
  const driver =
    drivers.find(({ schemes }) => schemes[0] === scheme) ?? drivers.find((one) => one.schemes.includes(scheme));
  return KINDS.find(({ type }) => type === driver?.type) ?? null;
}

/** Kafka takes part, as the destination or beside it. */
export const hasKafka = ({ destination, mirror }: { readonly destination: string; readonly mirror: string }): boolean =>
  mirror !== '' || kindOf(destination)?.type === 'kafka';

/** Events go to Kafka with schemas that stand in a registry. */
export const usesRegistry = (answers: Parameters<typeof hasKafka>[0] & { readonly kafkaRegistry: string }): boolean =>
  hasKafka(answers) && answers.kafkaRegistry !== '';
