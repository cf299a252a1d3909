import { isInteractive, type Terminal } from '../tui/screen.ts';
import type { Context } from './command.ts';

export const terminalOf = (environment: Context['environment']): Terminal => {
  const { stdin, stdout, stderr } = process;
  return { stdin, stdout, stderr, environment };
};

/** Whether a full-screen view is shown: at a terminal, unless plain lines or JSON were asked for. */
export const wantsScreen = ({ flags, environment }: Pick<Context, 'flags' | 'environment'>): boolean =>
  isInteractive(terminalOf(environment)) && !flags.json && flags.tui !== false && flags.env === undefined;
