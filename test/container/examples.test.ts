import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/cli/commands.ts';
import { isLoopback } from '../../src/config/address.ts';
import { loadConfig } from '../../src/config/load.ts';
import { EXIT } from '../../src/model/error-codes.ts';
import { Pages } from '../../src/serve/pages.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const page = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

/** A drain takes at most 20 s; some is left for the slot to be released. */
const GRACE_S = 30;

interface Service {
  readonly profiles?: readonly string[];
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly stop_grace_period?: string;
}

/** As Compose expands them, with nothing set. */
const defaults = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

const COMPOSE: {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
} = parse(defaults(page('docker-compose.yml')));
const { services } = COMPOSE;

const started = (...profiles: string[]) =>
  Object.keys(services).filter((name) => {
    const own = services[name]?.profiles;
    return own === undefined || own.some((one) => profiles.includes(one));
  });

/** Names of files in the container become files of this repository. */
function configOf(environment: Readonly<Record<string, string | null>>, fileOf: (path: string) => string) {
  const here = Object.entries(environment).map(([name, value]) => [
    name,
    name.endsWith('_FILE') ? fileOf(value ?? '') : (value ?? ''),
  ]);
  return loadConfig({ env: '', environment: Object.fromEntries(here), folder: ROOT }).config;
}

describe('the Compose file', () => {
  it('starts source, MySQL and pg2any with one profile, and Prometheus and Grafana with another', () => {
    expect(started('mysql')).toEqual(['postgres', 'mysql', 'pg2any']);
    expect(started('mysql', 'monitoring')).toEqual(['postgres', 'mysql', 'pg2any', 'prometheus', 'grafana']);
    expect(started('all')).toEqual(Object.keys(services));
  });

  it('runs pg2any with settings that exist and passwords from files', () => {
    const { environment = {}, secrets = [] } = services.pg2any ?? {};
    const secret = (path: string) => {
      const name = path.replace('/run/secrets/', '');
      expect(secrets).toContain(name);
      return COMPOSE.secrets[name]?.file ?? '';
    };
    const { source, destination, operation } = configOf(environment, secret);
    expect(source).toMatchObject({ host: 'postgres', user: 'postgres', database: 'shop', password: 'postgres' });
    expect([destination.url?.host, destination.url?.username, destination.url?.password]).toEqual([
      'mysql:3306',
      'root',
      'mysql',
    ]);
    expect(JSON.stringify(environment)).not.toMatch(/:\/\/[^/"]*:[^/"]*@/);
    expect(operation.http).toEqual({ host: '0.0.0.0', port: 9464 });
  });

  it('gives the servers the passwords that pg2any is given', () => {
    for (const [name, variable, secret] of [
      ['postgres', 'POSTGRES_PASSWORD_FILE', 'source-password'],
      ['mysql', 'MYSQL_ROOT_PASSWORD_FILE', 'destination-password'],
    ] as const) {
      expect(services[name]).toMatchObject({
        environment: { [variable]: `/run/secrets/${secret}` },
        secrets: [secret],
      });
    }
  });

  it('waits longer than a drain takes before it kills', () => {
    expect(Number.parseInt(services.pg2any?.stop_grace_period ?? '', 10)).toBeGreaterThanOrEqual(GRACE_S);
  });

  it('opens ports to this machine only, and names files, volumes, secrets and services that exist', () => {
    for (const { ports = [], volumes = [], secrets = [], depends_on = {} } of Object.values(services)) {
      for (const port of ports) expect(isLoopback({ host: port.split(':')[0] ?? '', port: 0 }), port).toBe(true);
      for (const [from = ''] of volumes.map((one) => one.split(':')))
        expect(from.startsWith('.') ? existsSync(`${ROOT}${from}`) : from in COMPOSE.volumes, from).toBe(true);
      expect(secrets.filter((one) => !(one in COMPOSE.secrets))).toEqual([]);
      expect(Object.keys(depends_on).filter((one) => !(one in services))).toEqual([]);
    }
  });

  it('has Prometheus ask where pg2any answers, and Grafana ask Prometheus', () => {
    const prometheus = parse(page('docs/monitoring/prometheus.yaml'));
    expect(prometheus.scrape_configs).toEqual([{ job_name: 'pg2any', static_configs: [{ targets: ['pg2any:9464'] }] }]);
    expect(parse(page('docs/monitoring/grafana/datasource.yaml')).datasources[0].url).toBe('http://prometheus:9090');
    const [, dashboards] = /dashboard\.json:(.*\/)dashboard\.json:ro/.exec(String(services.grafana?.volumes)) ?? [];
    const provider = parse(page('docs/monitoring/grafana/dashboards.yaml')).providers[0];
    expect(`${provider.options.path}/`).toBe(dashboards);
  });
});

describe('the image', () => {
  const lines = page('Dockerfile').split('\n');

  it('does not run as root, answers its health check and logs for programs', () => {
    expect(lines).toContain('USER node');
    const [, check = ''] = /^ {2}CMD (\[.*\])$/m.exec(page('Dockerfile')) ?? [];
    expect(existsSync(`${ROOT}${JSON.parse(check)[1]}`)).toBe(true);
    const [, set = ''] = /^ENV (CDC_.*)$/m.exec(page('Dockerfile')) ?? [];
    const environment = Object.fromEntries(set.split(' ').map((one) => one.split('=')));
    const servers = { CDC_SOURCE_URL: 'postgres://u@h/d', CDC_DEST_URL: 'sqlite:/data/d' };
    const { operation } = configOf({ ...environment, ...servers }, (path) => path);
    expect(operation).toMatchObject({ http: { host: '127.0.0.1', port: 9464 }, logFormat: 'json' });
  });
});

const blocks = (language: string) =>
  [...page('docs/operations.md').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );

describe('the Kubernetes example', () => {
  const { spec } = parse(blocks('yaml')[0] ?? '');
  const pod = spec.template.spec;
  const [container] = pod.containers;

  it('is one that works and one that waits, each given the time to drain', () => {
    expect(spec.replicas).toBe(2);
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(GRACE_S);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
  });

  it('has settings that exist, passwords from files, and ports and probes that are answered', async () => {
    const variables = container.env.map(({ name, value }: { name: string; value: string }) => [name, value]);
    const mounted = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => `${mountPath}/`);
    const config = configOf(Object.fromEntries(variables), (path) => {
      expect(mounted.some((folder: string) => path.startsWith(folder))).toBe(true);
      return 'docs/compose/mysql-password';
    });
    expect([config.source.password, config.destination.url?.password]).toEqual(['mysql', 'mysql']);
    const { http } = config.operation;
    expect(container.ports).toEqual([{ name: 'http', containerPort: http?.port }]);
    expect(spec.template.metadata.annotations['prometheus.io/port']).toBe(String(http?.port));
    const pages = new Pages(
      { look: null, applied: null, events: [], build: BUILD, slot: '', readyLagMs: 1 },
      async () => ({}),
    );
    for (const probe of ['livenessProbe', 'readinessProbe']) {
      const { path, port } = container[probe].httpGet;
      expect(port).toBe('http');
      const { pathname, searchParams } = new URL(path, 'http://h');
      expect((await pages.answer(pathname, searchParams)).code).not.toBe(404);
    }
  });
});

const BUILD = { name: 'pg2any', version: '1', node: 'v20', platform: 'p', startedAt: '' };

describe('the systemd example', () => {
  const [unit = ''] = blocks('ini');

  it('starts again where that helps, by exit codes that exist, with flags that exist', async () => {
    const [, codes = ''] = /^RestartPreventExitStatus=(.*)$/m.exec(unit) ?? [];
    const lost = [EXIT.usage, EXIT.findings, EXIT.slotLost, EXIT.policy];
    expect(codes.split(' ').map(Number)).toEqual(lost);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThanOrEqual(GRACE_S);
    const command = await COMMANDS.find(({ name }) => name === 'replicate')?.load();
    const flags = [...unit.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag);
    expect(flags.filter((flag) => !command?.flags.some(({ name }) => name === flag))).toEqual([]);
  });
});
