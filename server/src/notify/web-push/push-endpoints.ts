// Where a push may go. An endpoint is a URL that a browser hands over, so anybody who can enrol could name any host; only
// the push services of browsers are let through (no server-side request forgery), and our own without the detour.

/** What stands in a host list: a name, or `*.` and a name for everything below it. */
type HostPattern = string;

/** The push services of Chromium, Firefox, Safari and Edge. */
const PUBLIC_PUSH_SERVICES: readonly HostPattern[] = [
  'fcm.googleapis.com',
  'jmt17.google.com',
  'updates.push.services.mozilla.com',
  '*.push.services.mozilla.com',
  'web.push.apple.com',
  '*.push.apple.com',
  '*.notify.windows.com',
];

export interface PushEndpointsOptions {
  /** The embedded push service, which is reached without leaving this computer. */
  own: {
    /** As endpoints name it. */
    origin: string;
    /** Where it really listens, as an origin. */
    connectTo: string;
    /** PEM, where `connectTo` is https. */
    ca?: string | undefined;
  };
  /** Other hosts whose endpoints are ours where their token begins like this: those of the FCM imitation. */
  imitated?: { hosts: readonly string[]; tokenPrefix: string };
  /** Hosts beside the public ones, with a port where it is not 443: `push.example.net`, `*.example.net`, `push.test:8443`. */
  extraHosts?: () => readonly HostPattern[];
}

export type PushRoute =
  | { allowed: true; url: URL; ca: string | undefined }
  /** Says what is wrong without the path, which is a secret. */
  | { allowed: false; why: string };

export class PushEndpoints {
  readonly #options: PushEndpointsOptions;

  constructor(options: PushEndpointsOptions) {
    this.#options = options;
  }

  /** Where to send for this endpoint. */
  route(endpoint: string): PushRoute {
    const { own, imitated } = this.#options;
    const url = URL.parse(endpoint);
    if (!url) return { allowed: false, why: 'The endpoint is not a URL.' };
    if (url.origin === new URL(own.origin).origin) {
      const [, token] = /^\/push\/send\/(\w+)$/.exec(url.pathname) ?? [];
      // Nothing else of ours may be called this way.
      return token ? this.#toOwn(token) : { allowed: false, why: 'That is no endpoint of this server.' };
    }
    if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
      return {
        allowed: false,
        why: `Expected an https endpoint, received one of ${url.protocol}//${url.host}.`,
      };
    }
    const token = url.pathname.split('/').at(-1) ?? '';
    if (imitated?.hosts.includes(url.host) && token.startsWith(imitated.tokenPrefix)) {
      return /^\w+$/.test(token) ? this.#toOwn(token) : { allowed: false, why: 'The endpoint has no token.' };
    }
    const patterns = [...PUBLIC_PUSH_SERVICES, ...(this.#options.extraHosts?.() ?? [])];
    if (patterns.some((pattern) => matches(url.host, pattern))) {
      return { allowed: true, url, ca: undefined };
    }
    return { allowed: false, why: `${url.host} is not the host of a known push service.` };
  }

  /** Whether it leads to the push service that we bring along. */
  isOwn(endpoint: string): boolean {
    const route = this.route(endpoint);
    return route.allowed && route.url.origin === new URL(this.#options.own.connectTo).origin;
  }

  #toOwn(token: string): PushRoute {
    const { connectTo, ca } = this.#options.own;
    return { allowed: true, url: new URL(`/push/send/${token}`, connectTo), ca };
  }
}

/** `host` as URLs have it: lower case, with the port only if it is not the scheme's own. */
function matches(host: string, pattern: HostPattern): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
