// Where the Redis of a tenant is: what `--store` takes, checked, and how it is shown. A password is never shown.
import { Problem } from './problem.ts';

export interface RedisAddress {
  /** With the password, where there is one. */
  readonly url: string;
  /** Without it. */
  readonly shown: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
}

const EXAMPLE = 'redis://localhost:6379, redis://:PASSWORD@redis.example:6379/2, or rediss:// for TLS';
const DEFAULT_PORT = 6379;

/** @throws Problem `usage` that says what was received, without a password */
export function readRedisAddress(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'redis:' && url.protocol !== 'rediss:')) {
    throw usage(`Received ${maskAddress(text) || '""'} as the store, expected redis:// or rediss://.`);
  }
  if (url.hostname === '') throw usage(`Received ${maskAddress(text)} as the store, which names no host.`);
  if (url.search !== '' || url.hash !== '') {
    throw usage(`Received ${maskAddress(text)} as the store, expected no ? or # in it.`);
  }
  const database = url.pathname.replace(/^\//, '');
  if (!/^\d{0,5}$/.test(database)) {
    throw usage(
      `Received "${database.slice(0, 40)}" as the database of the store, expected a number such as 0.`,
    );
  }
  return {
    url: text,
    shown: maskAddress(text),
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    isTls: url.protocol === 'rediss:',
    username: decode(url.username),
    password: decode(url.password),
    database: Number(database),
  };
}

/** What may be shown of it, also where it is no address at all. */
export function maskAddress(text: string): string {
  return text
    .slice(0, 200)
    .replace(/^([a-z]*:?\/\/)?(?:([^:@/]*)(:.*)?@)/i, (_all, scheme = '', user = '') => {
      return `${scheme}${user}:***@`;
    });
}

function decode(part: string): string | undefined {
  if (part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function usage(message: string): Problem {
  return new Problem('usage', message, {
    hint: `Name one such as ${EXAMPLE}. Other characters of a password than letters and digits are written as %XX.`,
  });
}
