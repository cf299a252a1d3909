/** A connection URL taken apart; everything decoded, absent pieces null. */
export interface UrlParts {
  readonly scheme: string;
  readonly host: string | null;
  readonly port: number | null;
  readonly user: string | null;
  readonly password: string | null;
  /** Path without the leading slash. */
  readonly path: string | null;
  readonly query: ReadonlyMap<string, string>;
}

export type Parsed = UrlParts | { readonly problem: string };

const ENCODE =
  'special characters in user and password must be percent-encoded (@ %40, : %3A, / %2F, ? %3F, # %23, % %25), or give host, user and password as settings of their own, where nothing is encoded';

const SHAPE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?(#.*)?$/is;
const AUTHORITY = /^(?:([^:]*)(?::(.*))?@)?(\[[0-9a-f:.%]+\]|[^:@]*)(?::(\d*))?$/is;

class Malformed extends Error {}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Malformed(`has a % in its ${what} that is not an encoded character: ${ENCODE}`);
  }
}

const piece = (text: string | undefined, what: string): string | null => (text ? decode(text, what) : null);

function port(text: string | undefined): number | null {
  if (!text) return null;
  const value = Number(text);
  if (value < 1 || value > 65535) throw new Malformed(`has the port ${text}, which is not between 1 and 65535`);
  return value;
}

/**
 * Reads `scheme://user:password@host:port/path?name=value`. Stricter than WHATWG's parser: what that guesses about, such
 * as an unencoded character in a password, is a problem here. No value of the URL appears in a problem but its port.
 */
export function parseUrl(text: string): Parsed {
  try {
    return parse(text.trim());
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message };
    throw error;
  }
}

function parse(text: string): UrlParts {
  const [, scheme, authority = '', path, query = '', hash] = SHAPE.exec(text) ?? [];
  if (scheme === undefined) throw new Malformed('is not a URL such as scheme://user:password@host:port/database');
  if (hash !== undefined) throw new Malformed(`has an unencoded #: ${ENCODE}`);
  const at = authority.lastIndexOf('@');
  // Behind a slash it may be the @ that ends the password; what stands before it would be taken for host and database.
  const hidden = `${path ?? ''}${at < 0 ? query : ''}`.includes('@');
  const match = AUTHORITY.exec(at < 0 ? authority : `${encodeAt(authority.slice(0, at))}${authority.slice(at)}`);
  if (!match || hidden) throw new Malformed(`cannot be taken apart: ${ENCODE}`);
  const [, user, password, host = '', digits] = match;
  return {
    scheme: scheme.toLowerCase(),
    host: piece(host.replace(/^\[|\]$/g, ''), 'host'),
    port: port(digits),
    user: piece(user, 'user'),
    password: piece(password, 'password'),
    path: piece(path, 'path'),
    query: new Map(new URLSearchParams(query)),
  };
}

/** An @ inside the password is unambiguous: the last one ends it. */
const encodeAt = (credentials: string): string => credentials.replaceAll('@', '%40');
