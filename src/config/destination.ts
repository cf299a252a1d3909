import type { DestinationDriver, DestinationOptions } from '../model/destination.ts';
import type { DestinationConfig } from './config.ts';
import { kafkaProblems, kafkaSettings } from './kafka.ts';
import { suggestion } from './nearest.ts';
import { pick, problemOf, type Resolved, type ResolvedMap } from './pieces.ts';
import type { Key } from './settings.ts';
import { parseUrl, type UrlParts } from './url.ts';

export type Drivers = readonly DestinationDriver[];
type Common = Omit<DestinationOptions, 'url'>;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const named = (drivers: Drivers, name: string): DestinationDriver | undefined =>
  drivers.find((driver) => plain(driver.type) === plain(name) || plain(driver.label) === plain(name)) ??
  drivers.find((driver) => driver.schemes.includes(plain(name)));

const schemeOf = (url: string): string | null => /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase() ?? null;

/** The driver whose own scheme it is, before one that takes it too. */
const ofScheme = (drivers: Drivers, scheme: string): DestinationDriver | undefined =>
  drivers.find((driver) => driver.schemes[0] === scheme) ?? drivers.find((driver) => driver.schemes.includes(scheme));

/** Which kind of destination is meant, by its type, its URL's scheme, or both. */
function chooseDriver(drivers: Drivers, values: ResolvedMap, problems: string[]): DestinationDriver | null {
  const type = values.get('destination.type');
  const url = values.get('destination.url');
  const scheme = url ? schemeOf(String(url.value)) : null;
  const byScheme = scheme === null ? undefined : ofScheme(drivers, scheme);
  const byType = type ? named(drivers, String(type.value)) : undefined;
  const labels = drivers.map((driver) => driver.label);
  if (type && !byType) {
    const text = String(type.value);
    problems.push(
      `${type.given.origin.text} is ${JSON.stringify(text)}; this version knows ${labels.join(', ')}${suggestion(text, labels)}`,
    );
  } else if (byType && scheme !== null && byType.defaultPort !== null && !byType.schemes.includes(scheme)) {
    problems.push(
      `${type?.given.origin.text} is ${byType.label}, but ${url?.given.origin.text} begins with ${scheme}:`,
    );
  } else if (!byType && !byScheme) problems.push(noDriver(drivers, url, scheme));
  else return byType ?? byScheme ?? null;
  return null;
}

function noDriver(drivers: Drivers, url: Resolved | undefined, scheme: string | null): string {
  const examples = drivers.map((driver) => driver.example).join(' or ');
  if (!url) return `there is no destination: set CDC_DEST_URL, such as ${examples}`;
  const begins = scheme === null ? 'has no scheme' : `begins with ${scheme}:, which no destination of this version has`;
  return problemOf(url.given, `${begins}; write it as ${examples}, or set CDC_DEST_TYPE`);
}

/** Where the copy goes. Null with problems noted when that cannot be told. */
export function destinationConfig(
  drivers: Drivers,
  values: ResolvedMap,
  common: Common,
  database: string,
  problems: string[],
): DestinationConfig | null {
  const before = problems.length;
  const driver = chooseDriver(drivers, values, problems);
  if (!driver) return null;
  const url = driver.defaultPort === null ? fileUrl(driver, values, problems) : serverUrl(driver, values, problems);
  if (!url || problems.length > before) return null;
  if (isKafka(driver) && badPrefix(url)) problems.push(`the destination's topic prefix ${PREFIX}`);
  const mirror = mirrorConfig(drivers, driver, values, common, database, problems);
  if (mirror || isKafka(driver)) problems.push(...kafkaProblems(values));
  if (problems.length > before) return null;
  return { ...configured(driver, url, values, common, database), ...(mirror ? { mirror } : {}) };
}

const PREFIX = 'may have letters, digits, dots, dashes and underscores only, and at most 200 of them';

/** Topics have nothing that the path could not say. */
const badPrefix = (url: URL): boolean => !/^\/?[A-Za-z0-9._-]{0,200}$/.test(decodeURIComponent(url.pathname));

const isKafka = ({ type }: DestinationDriver): boolean => type === 'kafka';

function configured(
  driver: DestinationDriver,
  url: URL,
  values: ResolvedMap,
  common: Common,
  database: string,
): DestinationConfig {
  const kafka = isKafka(driver) ? { kafka: kafkaSettings(values, database, url) } : {};
  return { type: driver.type, label: driver.label, display: displayUrl(url), url, ...common, ...kafka };
}

function withPassword(url: URL, values: ResolvedMap): URL {
  const password = values.get('kafka.password')?.value;
  if (password !== undefined && url.username !== '' && url.password === '')
    url.password = encodeURIComponent(String(password));
  return url;
}

/** Kafka beside a database; null where it is not wanted. */
function mirrorConfig(
  drivers: Drivers,
  beside: DestinationDriver,
  values: ResolvedMap,
  common: Common,
  database: string,
  problems: string[],
): DestinationConfig | null {
  const given = values.get('kafka.url');
  const driver = drivers.find(isKafka);
  if (!given || !driver) return null;
  const text = String(given.value);
  if (isKafka(beside)) problems.push(problemOf(given.given, 'is a mirror, but the destination is Kafka itself'));
  else if (!URL.canParse(text) || !text.startsWith('kafka://') || !new URL(text).hostname)
    problems.push(problemOf(given.given, `is not a URL such as ${driver.example}`));
  else if (badPrefix(new URL(text))) problems.push(problemOf(given.given, `has a topic prefix that ${PREFIX}`));
  else return configured(driver, withPassword(new URL(text), values), values, common, database);
  return null;
}

const isSet = (values: ResolvedMap): boolean =>
  [...values.keys()].some((key) => key.startsWith('destination.') && key !== 'destination.type');

/** Whether anything about a destination was said. */
export const hasDestination = (values: ResolvedMap): boolean => isSet(values) || values.has('destination.type');

const isEncoded = (url: string): boolean => !/%(?![0-9a-f]{2})/i.test(url);

/** Engines without a server: the URL, or a plain path. */
function fileUrl(driver: DestinationDriver, values: ResolvedMap, problems: string[]): URL | null {
  const given = values.get('destination.url') ?? values.get('destination.database');
  if (!given) {
    problems.push(`the destination has no file: set CDC_DEST_URL, such as ${driver.example}`);
    return null;
  }
  const text = String(given.value).trim();
  const isUrl = driver.schemes.includes(schemeOf(text) ?? '');
  const path = text.replaceAll('%', '%25').replaceAll('?', '%3F').replaceAll('#', '%23');
  const url = isUrl ? text : `${driver.schemes[0]}:${path}`;
  if (URL.canParse(url) && isEncoded(url)) return new URL(url);
  problems.push(problemOf(given.given, `is not a URL such as ${driver.example}`));
  return null;
}

function serverUrl(driver: DestinationDriver, values: ResolvedMap, problems: string[]): URL | null {
  const url = values.get('destination.url');
  const parts = url ? parseUrl(String(url.value)) : null;
  if (url && parts && 'problem' in parts) {
    problems.push(problemOf(url.given, parts.problem));
    return null;
  }
  const read = parts as UrlParts | null;
  const own = <T>(key: Key) => values.get(key) as Resolved<T> | undefined;
  const text = (fromUrl: string | null | undefined, key: Key) => pick(fromUrl ?? null, url, own<string>(key), problems);
  const built = {
    scheme: read?.scheme ?? driver.schemes[0] ?? driver.type,
    host: text(read?.host, 'destination.host'),
    port: pick(read?.port ?? null, url, own<number>('destination.port'), problems) ?? driver.defaultPort,
    user: text(read?.user, 'destination.user'),
    password: text(read?.password, 'destination.password'),
    path: text(read?.path, 'destination.database'),
    query: read?.query ?? new Map<string, string>(),
  };
  if (!built.host)
    problems.push(`the destination has no host: set CDC_DEST_URL, such as ${driver.example}, or CDC_DEST_HOST`);
  return built.host ? joinUrl(built) : null;
}

function joinUrl(parts: UrlParts): URL {
  const credentials = parts.user === null ? '' : encodeURIComponent(parts.user);
  const password = parts.password === null ? '' : `:${encodeURIComponent(parts.password)}`;
  const host = parts.host?.includes(':') ? `[${parts.host}]` : encodeURIComponent(parts.host ?? '');
  const at = credentials || password ? '@' : '';
  const query = parts.query.size > 0 ? `?${new URLSearchParams([...parts.query])}` : '';
  return new URL(
    `${parts.scheme}://${credentials}${password}${at}${host}:${parts.port}/${encodeURIComponent(parts.path ?? '')}${query}`,
  );
}

/** Without password and parameters. */
export function displayUrl(url: URL): string {
  const shown = new URL(url);
  shown.password = '';
  shown.search = '';
  return shown.href;
}
