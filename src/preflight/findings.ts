import type { Finding, Fix } from '../model/finding.ts';

/** How findings of one check are made. */
export interface Reporter {
  ok(message: string): Finding[];
  warn(message: string, fix?: Fix): Finding[];
  block(message: string, fix?: Fix): Finding[];
}

export function reporter(check: string, table?: string): Reporter {
  const finding = (severity: Finding['severity'], message: string, fix?: Fix): Finding[] => [
    { check, severity, message, ...(table === undefined ? {} : { table }), ...(fix ? { fix } : {}) },
  ];
  return {
    ok: (message) => finding('ok', message),
    warn: (message, fix) => finding('warn', message, fix),
    block: (message, fix) => finding('block', message, fix),
  };
}

/** Statements to run at the source, with what else there is to know. */
export const sourceFix = (text: string, ...sql: readonly string[]): Fix => ({ side: 'source', sql, text });

export const configFix = (text: string): Fix => ({ side: 'config', sql: [], text });
