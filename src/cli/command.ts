import type { Io } from './io.ts';

/** One flag of a command. Without `value` it is a switch. */
export interface Flag {
  /** Without dashes: `config`. */
  readonly name: string;
  /** Placeholder of the value in help: `FILE`, or `[FILE]` where it may be left out. */
  readonly value?: string;
  readonly multiple?: boolean;
  /** Shown and written as `--no-<name>`. */
  readonly negated?: boolean;
  readonly doc: string;
}

export interface Example {
  readonly run: string;
  readonly doc: string;
}

/** Flags as they were given, by name without dashes. A switch is true, a negated one false, absent ones undefined. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface Context {
  readonly flags: Flags;
  /** The one of `Command.words` that was given. */
  readonly word?: string;
  readonly io: Io;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

/** One command of the program. Loading it must stay cheap: `run` imports what it needs. */
export interface Command {
  readonly name: string;
  /** More to know, as paragraphs. */
  readonly about?: readonly string[];
  readonly usage: string;
  /** Words that may follow the name, as in `config show`. */
  readonly words?: readonly string[];
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
  /** Resolves with the exit code. */
  run(context: Context): Promise<number>;
}

/** A command as the list of all knows it; its module is loaded only when it is used. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export const textFlag = (flags: Flags, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
};

export const listFlag = (flags: Flags, name: string): readonly string[] => {
  const value = flags[name];
  return Array.isArray(value) ? value : [];
};

/** The flags that say where the configuration is; the same for every command that connects. */
export const CONFIG_FLAGS: readonly Flag[] = [
  {
    name: 'env',
    value: '[FILE]',
    doc: 'Configure from CDC_* variables; with FILE also from that dotenv file (the real environment wins)',
  },
  { name: 'config', value: 'FILE', doc: 'Configure from a YAML file (without both: pg2any.yaml in this folder)' },
  { name: 'slot', value: 'NAME', doc: 'Replication slot, over what is configured' },
  { name: 'publication', value: 'NAME', doc: 'Publication, over what is configured' },
];

export const JSON_FLAG: Flag = { name: 'json', doc: 'Print JSON for programs' };
