import type { RegistrySettings } from '../model/kafka.ts';
import { problemOf, type ResolvedMap } from './pieces.ts';
import type { Key, Values } from './settings.ts';

interface Login {
  readonly user: string | null;
  readonly password: string | null;
}

/** What is said about the schema registry. Null where events need none. */
export function registrySettings(values: ResolvedMap): RegistrySettings | null {
  const value = <K extends Key>(key: K) => values.get(key)?.value as Values[K] | undefined;
  const urls = value('kafka.registry.url');
  if (value('kafka.encoding') === 'json' || !urls) return null;
  return Object.freeze({
    urls: urls.map(withoutLogin),
    ...loginOf(urls, value('kafka.registry.user') ?? null, value('kafka.registry.password') ?? null),
    token: value('kafka.registry.token') ?? null,
    sslCa: value('kafka.registry.sslCa') ?? null,
    autoRegister: value('kafka.registry.autoRegister') ?? true,
    subject: value('kafka.registry.subject') ?? 'topic',
  });
}

/** What does not go together. */
export function registryProblems(values: ResolvedMap): string[] {
  const url = values.get('kafka.registry.url');
  const encoding = values.get('kafka.encoding');
  if (!encoding || encoding.value === 'json') return url ? [problemOf(url.given, NOT_USED)] : [];
  const format = values.get('kafka.format');
  const login = registrySettings(values);
  return [
    ...(url ? [] : [problemOf(encoding.given, NO_URL)]),
    ...(format?.value === 'debezium-schema' ? [problemOf(format.given, TWO_PLACES)] : []),
    ...(login?.user && login.token ? ['kafka.registry has a token and a user: keep one of them'] : []),
  ];
}

const NOT_USED = 'is not used while kafka.encoding is json: set that to avro or json-schema';
const NO_URL = 'needs a schema registry: set CDC_KAFKA_REGISTRY_URL, such as http://registry:8081';
const TWO_PLACES = 'has the schema in every event, which kafka.encoding has in the registry: choose debezium';

/** Pieces come before what stands in the URL. */
function loginOf(urls: readonly URL[], user: string | null, password: string | null): Login {
  const url = urls.find(({ username }) => username !== '');
  if (user !== null || !url) return { user, password };
  return { user: decoded(url.username), password: password ?? decoded(url.password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withoutLogin(url: URL): URL {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown;
}
