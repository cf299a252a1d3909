import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { Pg2anyError } from '../model/error.ts';
import { type Answers, CONFIG_FILE, ENV_FILE } from '../setup/answers.ts';
import { mergeEnv } from '../setup/env-text.ts';
import { type Files, filesOf, otherSettings } from '../setup/files.ts';
import { configOfFiles } from '../setup/settle.ts';
import { dropDraft } from './draft-file.ts';
import { readIfThere, writePrivately } from './private-file.ts';

function refuse(found: readonly string[]): never {
  throw new Pg2anyError('CONFIG_INVALID', `${found.join(' and ')}; nothing was written`, {
    hint: 'Add --force to replace what is there, or run pg2any in another folder.',
  });
}

/** What writing these files would replace, one sentence each. */
function replaced(folder: string, yaml: string, changed: readonly string[]): readonly string[] {
  const there = readIfThere(join(folder, CONFIG_FILE));
  return [
    ...(there !== null && there !== yaml ? [`${CONFIG_FILE} is there already`] : []),
    ...changed.map((name) => `${ENV_FILE} sets ${name} to something else already`),
  ];
}

/** Asks git; false where there is no git or no repository. https://git-scm.com/docs/git-check-ignore */
export function isTracked(folder: string, file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const inside = execFile('git', ['check-ignore', '-q', file], { cwd: folder });
    inside.on('error', () => resolve(false));
    inside.on('close', (code) => resolve(code === 1));
  });
}

/** The files as they will be in this folder: what the configuration sets besides stays. */
export function filesIn(folder: string, answers: Answers): Files {
  const there = readIfThere(join(folder, CONFIG_FILE));
  return filesOf(answers, there === null ? {} : otherSettings(there));
}

/** What settings of a file that is there may refer to; as everywhere the real environment wins. */
export const variablesIn = (folder: string): Readonly<Record<string, string | undefined>> => ({
  ...parse(readIfThere(join(folder, ENV_FILE)) ?? ''),
  ...process.env,
});

/** What writing them would replace, one sentence each. */
export function replacedIn(folder: string, files: Files): readonly string[] {
  const env = mergeEnv(readIfThere(join(folder, ENV_FILE)), files.secrets);
  return replaced(folder, files.yaml, env.changed);
}

export interface Written {
  /** Names of the files, in the folder. */
  readonly files: readonly string[];
  /** What the user should know, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Writes `pg2any.yaml` and, where there are passwords, `.env`. Throws CONFIG_INVALID, with nothing written, where the
 * answers are no configuration or other files are there and `force` is off.
 */
export async function writeSetup(folder: string, answers: Answers, force: boolean): Promise<Written> {
  const files = filesIn(folder, answers);
  configOfFiles(files, variablesIn(folder));
  const env = mergeEnv(readIfThere(join(folder, ENV_FILE)), files.secrets);
  const found = replaced(folder, files.yaml, env.changed);
  if (found.length > 0 && !force) refuse(found);
  const secret = files.secrets.length > 0;
  if (secret) writePrivately(join(folder, ENV_FILE), env.text);
  writePrivately(join(folder, CONFIG_FILE), files.yaml);
  dropDraft(folder);
  const tracked = secret && (await isTracked(folder, ENV_FILE));
  return {
    files: [CONFIG_FILE, ...(secret ? [ENV_FILE] : [])],
    warnings: tracked ? [`git would track ${ENV_FILE}, which holds passwords: add it to .gitignore`] : [],
  };
}
