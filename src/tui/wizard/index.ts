import { keyNames, type Press, presses } from '../keymap.ts';
import type { Terminal } from '../screen.ts';
import { sizeOf } from '../size.ts';
import { styleFor } from '../theme.ts';
import type { Ports } from './ports.ts';
import { stepOf, update } from './reducer.ts';
import { gatherRewrapped } from './rewrap.ts';
import { type Failure, firstState, type Start, type WizardState } from './state.ts';
import type { Effect, Outcome, WizardEvent } from './update.ts';
import { wizardLines } from './view.ts';

export type { Outcome } from './update.ts';

export interface WizardOptions extends Omit<Start, 'size'> {
  readonly terminal: Terminal;
  readonly ports: Ports;
}

const failureOf = (thrown: unknown, hide: (text: string) => string): Failure => {
  const { message = String(thrown), code = '', hint = '' } = thrown as Partial<Failure>;
  return { code, message: hide(message), hint: hide(hint) };
};

/** The wizard without its terminal: events in, state and effects out. */
class Wizard {
  state: WizardState;
  draw: () => void = () => undefined;
  readonly ended: Promise<Outcome>;
  private end: (outcome: Outcome) => void = () => undefined;
  private readonly ports: Ports;

  constructor({ ports, terminal, draft, existing, configured }: WizardOptions) {
    this.ports = ports;
    this.state = firstState({ size: sizeOf(terminal.stdout), draft, existing, configured });
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  take(event: WizardEvent): void {
    const { state, effects } = update(this.state, event);
    this.state = state;
    for (const effect of effects) this.perform(effect);
    this.draw();
  }

  /** Pasted text goes to a field as one piece, and to anything else as the keys it is made of. */
  press(all: readonly Press[]): void {
    for (const { name, text } of all) {
      if (name !== 'paste') this.take({ type: 'key', name, text });
      else if (this.writes()) this.take({ type: 'key', name, text });
      else
        for (const key of keyNames(text, NO_KEY))
          this.take({ type: 'key', name: key, text: key === 'space' ? ' ' : key });
    }
  }

  private writes(): boolean {
    return stepOf(this.state).text !== undefined && this.state.step !== 'tables';
  }

  private perform(effect: Effect): void {
    if (effect.type === 'end') this.end(effect.outcome);
    else if (effect.type === 'keep') this.keep();
    else this.ask(effect);
  }

  private keep(): void {
    const { answers, step } = this.state;
    if (answers.source !== '') this.ports.keep({ answers, step });
  }

  private ask({ question, id, argument }: Extract<Effect, { type: 'ask' }>): void {
    const { answers } = this.state;
    const hide = (text: string): string => this.ports.hide(answers, text);
    this.ports.ask[question](answers, argument).then(
      (value) => this.take({ type: 'reply', question, id, value }),
      (error: unknown) => this.take({ type: 'failure', question, id, failure: failureOf(error, hide) }),
    );
  }
}

const NO_KEY = {} as Parameters<typeof keyNames>[1];

/** Before Ink, which takes half a second to load; whoever types meanwhile is heard later. */
function firstFrame({ stdin, stdout, environment }: Terminal, lines: readonly string[]): () => void {
  stdin.setRawMode?.(true);
  stdout.write(lines.map((line) => `${line}\n`).join(''));
  return () => {
    const gathered = gatherRewrapped(lines, sizeOf(stdout).columns, environment);
    stdout.write(`${gathered}\x1b[${lines.length}A\r\x1b[J`);
  };
}

/** Asks step by step, below what the terminal shows already, and leaves the answers there. */
export async function runWizard(options: WizardOptions): Promise<Outcome> {
  const { terminal } = options;
  const style = styleFor(terminal.environment, true);
  const wizard = new Wizard(options);
  const restore = (): void => void terminal.stdin.setRawMode?.(false);
  process.once('exit', restore);
  const erase = firstFrame(terminal, wizardLines(wizard.state, style));
  const { mount } = await import('./mount.tsx');
  erase();
  const resized = (): void => wizard.take({ type: 'size', ...sizeOf(terminal.stdout) });
  resized();
  const mounted = mount(terminal, wizardLines(wizard.state, style), {
    onInput: (input, key) => wizard.press(presses(input, key)),
    onResize: resized,
  });
  wizard.draw = () => mounted.draw(wizardLines(wizard.state, style));
  try {
    return await Promise.race([wizard.ended, mounted.ended.then((): Outcome => ({ end: 'left' }))]);
  } finally {
    wizard.draw = () => undefined;
    mounted.unmount();
    restore();
    process.off('exit', restore);
  }
}
