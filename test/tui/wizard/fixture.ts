import type { Answers } from '../../../src/setup/answers.ts';
import { NO_ANSWERS } from '../../../src/setup/answers.ts';
import type { Ask, Replies, TableInfo } from '../../../src/tui/wizard/ports.ts';
import { update } from '../../../src/tui/wizard/reducer.ts';
import { firstState, type Start, type WizardState } from '../../../src/tui/wizard/state.ts';
import type { Effect, Outcome } from '../../../src/tui/wizard/update.ts';

export const SOURCE = 'postgres://shop:s3cret@db:5432/shop';
export const DESTINATION = 'mysql://replica:0ther@replica:3306/shop';
export const ANSWERS: Answers = { ...NO_ANSWERS, source: SOURCE, destination: DESTINATION };

const table = (name: string, rows: number, bytes: number, problem: string | null = null): TableInfo => ({
  name,
  estimatedRows: rows,
  bytes,
  key: problem ? [] : ['id'],
  problem,
});

export const TABLES = [
  table('public.orders', 3_100_000, 6.2e9),
  table('public.customers', 210_000, 88e6),
  table('public.audit_log', 90_000_000, 30e9, 'no key: updates would fail'),
];

const FIX = { side: 'source', sql: ['ALTER TABLE "public"."audit_log" REPLICA IDENTITY FULL;'], text: '' } as const;

export const REPLIES: Replies = {
  source: { product: 'PostgreSQL 16.4', roundTripMs: 38 },
  destination: { product: 'MySQL 8.4.3', roundTripMs: 4 },
  mirror: { product: 'Kafka (3 brokers)', roundTripMs: 6 },
  tables: TABLES,
  names: { publications: new Map([['taken', 3]]), slots: new Map([['busy', { active: true, problem: null }]]) },
  preflight: [
    { check: 'wal_level', severity: 'ok', message: 'wal_level is logical' },
    {
      check: 'slot_wal',
      severity: 'warn',
      message: 'max_slot_wal_keep_size is unlimited: a stopped slot can fill the disk',
    },
    {
      check: 'replica_identity',
      severity: 'block',
      table: 'public.audit_log',
      message: 'public.audit_log has no replica identity',
      fix: FIX,
    },
  ],
  fix: null,
  plan: [
    {
      table: 'public.orders',
      destination: '`orders`',
      action: 'create',
      sql: ['CREATE TABLE `orders` (`id` BIGINT)'],
      columns: [
        { column: 'id', sourceType: 'bigint', destinationType: 'BIGINT', note: null, lossy: null, key: true },
        {
          column: 'doc',
          sourceType: 'jsonb',
          destinationType: 'JSON',
          note: null,
          lossy: 'how numbers are written',
          key: false,
        },
      ],
      road: 'LOAD DATA',
      problems: [],
    },
  ],
  sample: {
    table: 'public.orders',
    columns: ['id', 'doc'],
    rows: [
      ['1', '{}'],
      ['2', null],
    ],
  },
  review: {
    source: ['CREATE PUBLICATION "pg2any_shop" FOR ALL TABLES;'],
    destination: ['CREATE TABLE `orders` (`id` BIGINT);'],
    yaml: 'slot: pg2any_shop\n',
    command: ['pg2any init --yes'],
    replaces: [],
  },
  written: { files: ['pg2any.yaml', '.env'], warnings: [] },
};

type Question = keyof Replies;

/** An error of a server, with what to do. */
export const refused = (code: string, message = 'no') => Object.assign(new Error(message), { code, hint: 'do this' });

/** Ports that answer as told. */
export const asking = (replies: Partial<Record<Question, unknown>> = {}): Ask =>
  Object.fromEntries(
    (Object.keys(REPLIES) as Question[]).map((question) => [
      question,
      async () => {
        const reply = question in replies ? replies[question] : REPLIES[question];
        if (reply instanceof Error) throw reply;
        return reply;
      },
    ]),
  ) as unknown as Ask;

/** The wizard as a person drives it, everything answered at once. */
export class Driver {
  state: WizardState;
  readonly asked: Question[] = [];
  /** What a question was last asked about. */
  readonly given = new Map<Question, string>();
  outcome: Outcome | null = null;
  kept = 0;
  private readonly replies: Partial<Record<Question, unknown>>;

  constructor(start: Partial<Start> = {}, replies: Partial<Record<Question, unknown>> = {}) {
    const size = { columns: 100, rows: 30 };
    this.state = firstState({ size, draft: null, existing: null, configured: false, ...start });
    this.replies = replies;
  }

  press(...names: readonly string[]): this {
    for (const name of names) this.take({ type: 'key', name, text: name.length > 1 ? '' : name });
    return this;
  }

  paste(text: string): this {
    return this.take({ type: 'key', name: 'paste', text });
  }

  private take(event: Parameters<typeof update>[1]): this {
    const { state, effects } = update(this.state, event);
    this.state = state;
    for (const effect of effects) this.perform(effect);
    return this;
  }

  private perform(effect: Effect): void {
    if (effect.type === 'end') this.outcome = effect.outcome;
    else if (effect.type === 'keep') this.kept += 1;
    else {
      const { question, id, argument } = effect;
      this.asked.push(question);
      this.given.set(question, argument);
      const value = question in this.replies ? this.replies[question] : REPLIES[question];
      if (value === undefined) return;
      if (!(value instanceof Error)) this.take({ type: 'reply', question, id, value });
      else {
        const { code = '', message, hint = '' } = value as Error & { readonly code?: string; readonly hint?: string };
        this.take({ type: 'failure', question, id, failure: { code, message, hint } });
      }
    }
  }

  /** As far as the tables. */
  connected(): this {
    return this.paste(SOURCE).press('enter').paste(DESTINATION).press('enter');
  }
}
