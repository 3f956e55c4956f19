// What would make every request of a client fail, however well the request is made: found at start, where somebody can mend
// it, and not by the provider, which tells only the agent.
import type { ConfigMistake, ConfigPath } from './config-path.ts';
import { findClientKeyMistake, type ReadKey } from './key-checks.ts';

/** A client as far as it could be read. */
export interface ClientOutline {
  client_id?: string | undefined;
  client_secret?: unknown;
  app_type: string;
  callbacks: ReadonlyArray<string | undefined>;
  allowed_logout_urls: ReadonlyArray<string | undefined>;
  jwks?: { keys: ReadonlyArray<ReadKey | undefined> } | undefined;
}

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
/** Schemes that run or show something in the browser instead of leading to an application. */
const BROWSER_SCHEMES = ['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:'];

export function findClientMistakes(clients: ReadonlyArray<ClientOutline | undefined>): ConfigMistake[] {
  return clients.flatMap((client, i) => {
    if (!client) return [];
    const path = ['clients', i];
    return [
      ...findCharacterMistakes(path, client),
      ...each(client.callbacks, [...path, 'callbacks'], (url) => explainCallback(url, client.app_type)),
      ...each(client.allowed_logout_urls, [...path, 'allowed_logout_urls'], explainLogoutUrl),
      ...(client.jwks?.keys ?? []).flatMap((key, j) => {
        const mistake = key && findClientKeyMistake(key);
        return mistake ? [{ path: [...path, 'jwks', 'keys', j, ...mistake.path], text: mistake.text }] : [];
      }),
    ];
  });
}

/** Issuers of `login_hint_token`, as far as they could be read: their keys verify. */
export function findIssuerMistakes(
  issuers: ReadonlyArray<{ jwks?: { keys: ReadonlyArray<ReadKey | undefined> } | undefined } | undefined>,
): ConfigMistake[] {
  return issuers.flatMap((issuer, i) =>
    (issuer?.jwks?.keys ?? []).flatMap((key, j) => {
      const mistake = key && findClientKeyMistake(key);
      const path = ['ciba', 'login_hint_token_issuers', i, 'jwks', 'keys', j];
      return mistake ? [{ path: [...path, ...mistake.path], text: mistake.text }] : [];
    }),
  );
}

/** RFC 6749 §A.1 and §A.2: printable ASCII alone. */
function findCharacterMistakes(path: ConfigPath, client: ClientOutline): ConfigMistake[] {
  const { client_id: id, client_secret: secret } = client;
  const isUnprintable = (value: unknown) => typeof value === 'string' && /[^\x20-\x7e]/.test(value);
  return [
    ...(isUnprintable(id)
      ? [
          {
            path: [...path, 'client_id'],
            text: `received ${JSON.stringify(id)}, expected printable ASCII alone.`,
          },
        ]
      : []),
    ...(isUnprintable(secret)
      ? [{ path: [...path, 'client_secret'], text: 'has other characters than printable ASCII.' }]
      : []),
  ];
}

function each(
  urls: ReadonlyArray<string | undefined>,
  path: ConfigPath,
  explain: (url: string) => string | undefined,
): ConfigMistake[] {
  return urls.flatMap((url, i) => {
    const expected = url === undefined ? undefined : explain(url);
    return expected === undefined
      ? []
      : [{ path: [...path, i], text: `received ${JSON.stringify(url)}, expected ${expected}` }];
  });
}

/** What a redirect URI should have been; undefined for one that is fine. */
function explainCallback(text: string, appType: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return `a whole URL.${adviseWhole(text)}`;
  // RFC 6749 §3.1.2: a redirect URI has no fragment.
  if (url.href.includes('#')) return `no fragment.${advise(text.replace(/#.*$/, ''))}`;
  return appType === 'native' ? explainNative(text, url) : explainWeb(text, url);
}

function explainWeb(text: string, { protocol }: URL): string | undefined {
  if (protocol === 'https:' || protocol === 'http:') return undefined;
  const isOfBrowser = BROWSER_SCHEMES.includes(protocol) || adviseWhole(text) !== '';
  return isOfBrowser
    ? `https:// or http://.${adviseWhole(text)}`
    : 'https:// or http://; a scheme of its own is for the app_type "native".';
}

/** RFC 8252 §7: a scheme of its own, https at a host of its own, or http at this computer. */
function explainNative(text: string, { protocol, hostname }: URL): string | undefined {
  const isLoopback = LOOPBACK_HOSTS.includes(hostname);
  if (protocol === 'https:' && isLoopback)
    return `http:// for this computer, as the app_type is "native".${advise(text.replace(/^https:/i, 'http:'))}`;
  if (protocol === 'http:' && !isLoopback)
    return `https:// for another host, as the app_type is "native".${advise(text.replace(/^http:/i, 'https:'))}`;
  return BROWSER_SCHEMES.includes(protocol) ? 'http://, https:// or a scheme of the app’s own.' : undefined;
}

function explainLogoutUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || adviseWhole(text) !== '') return `a whole URL.${adviseWhole(text)}`;
  return BROWSER_SCHEMES.includes(url.protocol) ? 'https:// or http://.' : undefined;
}

/** The URL that was probably meant by a path, or by a host without its scheme. */
function adviseWhole(text: string): string {
  if (/^\/[^/]/.test(text)) return advise(`http://localhost:3000${text}`);
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(text)) return advise(`http://${text}`);
  if (/^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(text)) return advise(`https://${text}`);
  return '';
}

function advise(guess: string): string {
  return ` Did you mean "${guess}"?`;
}
