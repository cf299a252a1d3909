import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DRAFT_FILE } from '../setup/answers.ts';
import { type Draft, draftText, readDraft } from '../setup/draft.ts';
import { readIfThere, writePrivately } from './private-file.ts';

export const keepDraft = (folder: string, draft: Draft): void =>
  writePrivately(join(folder, DRAFT_FILE), draftText(draft));

export const dropDraft = (folder: string): void => rmSync(join(folder, DRAFT_FILE), { force: true });

export function findDraft(folder: string): Draft | null {
  const text = readIfThere(join(folder, DRAFT_FILE));
  return text === null ? null : readDraft(text);
}
