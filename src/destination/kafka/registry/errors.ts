import { Pg2anyError } from '../../../model/error.ts';

/** What a registry says instead of an answer. `code` is its own, 0 where it has none. */
export interface Problem {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

const SUBJECT_OR_SCHEMA_MISSING: ReadonlySet<number> = new Set([40401, 40402, 40403]);

/** Whether it is an answer after all: there is no such thing. */
export const isMissing = ({ code }: Problem): boolean => SUBJECT_OR_SCHEMA_MISSING.has(code);

const at = (where: string): string => `the schema registry at ${where}`;

export function unreachable(where: string, error: unknown): Pg2anyError {
  const { name, message, code } = error as Error & { code?: string };
  const said = name === 'AbortError' ? 'it did not answer in time' : message || code;
  const what = `${at(where)} cannot be reached: ${said}`;
  if (/certificate|altnames/i.test(`${message}`))
    return new Pg2anyError('DESTINATION_AUTH', what, {
      cause: error,
      hint: 'Name the registry as its certificate does, or set kafka.registry.sslCa to a PEM file with the authority that signed it.',
    });
  return new Pg2anyError('DESTINATION_UNREACHABLE', what, {
    cause: error,
    hint: 'Check kafka.registry.url and the network; the slot keeps every change meanwhile.',
  });
}

/** What is not about one schema. */
export function failed(where: string, { status, message }: Problem): Pg2anyError {
  const said = `${at(where)} answers ${status}: ${message}`;
  if (status === 401)
    return new Pg2anyError('DESTINATION_AUTH', said, {
      hint: 'Check kafka.registry.user and kafka.registry.password, or kafka.registry.token.',
    });
  if (status === 403)
    return new Pg2anyError('DESTINATION_PRIVILEGE', said, {
      hint: 'Grant the user READ and WRITE on the subjects, or register the schemas and set kafka.registry.autoRegister to false.',
    });
  if (status >= 500 || status === 408 || status === 429) return new Pg2anyError('DESTINATION_UNREACHABLE', said);
  return new Pg2anyError('DESTINATION_UNSUITABLE', said, {
    hint: "kafka.registry.url must be where a registry speaks as Confluent's: for Apicurio it ends in /apis/ccompat/v7.",
  });
}

/** One schema was not taken, or is not there. */
export function refused(where: string, subject: string, { status, message }: Problem): Pg2anyError {
  return new Pg2anyError('SCHEMA_REFUSED', `${subject}: ${at(where)} refuses the schema: ${message}`, {
    hint: remedy(status, subject),
  });
}

/** What can be done about it. */
export function remedy(status: number, subject: string): string {
  if (status === 404) return `Register the schema under ${subject}, or set kafka.registry.autoRegister to true.`;
  if (status === 409)
    return `Readers of ${subject} could not read the new events. Upgrade them and set the compatibility of the subject to FORWARD or NONE until the schema is registered, undo the change at the source, or give the topic another name.`;
  return `Look at the mode and the rules of ${subject} in the registry.`;
}
