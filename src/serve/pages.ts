import { Counters } from '../status/counters.ts';
import { sample } from '../status/sampler.ts';
import type { Status } from '../status/status.ts';
import { Exposition } from './metrics/registry.ts';
import { isStandby, Liveness, readiness } from './probes.ts';
import type { View } from './view.ts';

export interface Page {
  readonly code: number;
  readonly type: string;
  readonly body: string;
}

/** What `pg2any status --json` prints, looked up now. */
export type Overview = () => Promise<object>;

export const json = (code: number, body: object): Page => ({
  code,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(body)}\n`,
});

const PATHS = ['/healthz', '/readyz', '/status', '/build', '/metrics'];

/** While the checks before the start are under way. */
function notRunning(slot: string, now: number): Status {
  const counters = new Counters(now);
  counters.slot = slot;
  return sample(counters, null, now);
}

/** The answers, by path. */
export class Pages {
  private readonly view: View;
  private readonly overview: Overview;
  private readonly liveness = new Liveness();
  private readonly exposition = new Exposition();
  private asking: Promise<object> | null = null;

  constructor(view: View, overview: Overview) {
    this.view = view;
    this.overview = overview;
  }

  async answer(path: string, query: URLSearchParams): Promise<Page> {
    switch (path) {
      case '/live':
      case '/healthz':
        return this.live();
      case '/ready':
      case '/readyz':
        return this.ready(query.get('standby') === 'ok');
      case '/status':
        return json(200, await this.status());
      case '/build':
        return json(200, this.view.build);
      case '/metrics':
        return await this.metrics();
      default:
        return json(404, { error: `there is no ${path}`, paths: PATHS });
    }
  }

  private live(): Page {
    const found = this.liveness.look(this.view.look?.() ?? null, Date.now());
    return json(found.ok ? 200 : 503, found);
  }

  private ready(standbyIsReady: boolean): Page {
    const status = this.view.look?.() ?? null;
    const found = readiness(status, this.view.readyLagMs, Date.now());
    const standby = status !== null && isStandby(status);
    return json(found.ok || (standby && standbyIsReady) ? 200 : 503, { ...found, standby });
  }

  /** It asks both servers: never more than one question at a time, however many ask. */
  private async status(): Promise<object> {
    this.asking ??= this.overview().finally(() => {
      this.asking = null;
    });
    return await this.asking;
  }

  private async metrics(): Promise<Page> {
    const { view } = this;
    const now = Date.now();
    const status = view.look?.() ?? null;
    const { ok } = readiness(status, view.readyLagMs, now);
    const picture = { view, status: status ?? notRunning(view.slot, now), ready: ok, now };
    return { code: 200, type: this.exposition.registry.contentType, body: await this.exposition.text(picture) };
  }
}
