import { Pg2anyError } from '../model/error.ts';
import { PASSWORDS, type Split } from './secrets.ts';

const HTTP = /^https?:\/\//i;

function parsed(text: string): URL {
  if (HTTP.test(text) && URL.canParse(text)) return new URL(text);
  throw new Pg2anyError('CONFIG_INVALID', 'the URL of the schema registry is not one such as http://registry:8081');
}

const urlsIn = (text: string): readonly URL[] => text.split(',').map((one) => parsed(one.trim()));

function bare(url: URL): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}

/** Takes the password out of URLs of one registry, separated by commas. Throws CONFIG_INVALID. */
export function splitRegistry(text: string): Split {
  const urls = urlsIn(text);
  const password = urls.map((url) => url.password).find((one) => one !== '');
  return {
    url: urls.map(bare).join(','),
    password: password === undefined ? null : { name: PASSWORDS.registry, value: decodeURIComponent(password) },
    parameters: [],
  };
}

/** Without passwords, for people. */
export function shownRegistry(text: string): string {
  try {
    return splitRegistry(text).url;
  } catch {
    return `${HTTP.exec(text)?.[0] ?? ''}***`;
  }
}

/** With the password where a user is named without one. */
export function withRegistryPassword(text: string, password: string | undefined): string {
  if (text === '' || !password) return text;
  const urls = urlsIn(text).map((url) => {
    if (url.username !== '' && url.password === '') url.password = encodeURIComponent(password);
    return url.href.replace(/\/$/, '');
  });
  return urls.join(',');
}
