// The composition root: the only file that sees every folder. Reads like the flow picture in ARCHITECTURE.md.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, createSystemClock } from './clock.ts';
import { CIBA_GRANT_TYPE, type TenantConfig } from './contract/index.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { sendDemoRequest } from './demo-request.ts';
import { createGuardian, Transactions } from './guardian/index.ts';
import { createHttpApp, createPlainDoor } from './http/index.ts';
import { createRandomIds } from './ids.ts';
import { type ListenOptions, listen } from './listen.ts';
import { createManagement } from './management/index.ts';
import { isLoopback, isWildcard, networkHosts } from './network-addresses.ts';
import { createOAuth, type OAuth } from './oauth/index.ts';
import { Problem } from './problem.ts';
import type { Store } from './store.ts';
import { createMemoryStore, createTenant, loadSigningKeys, type Tenant } from './tenant/index.ts';
import { provideCertificates } from './tls/certificates.ts';

export interface AppOptions {
  config: TenantConfig;
  host: string;
  port: number;
  issuer?: string | undefined;
  tls: boolean;
  /** Undefined: a temporary one, removed on close. */
  dataFolder?: string | undefined;
  /** Keeps everything that changes, so that it survives a restart. Undefined: memory. */
  dataFile?: string | undefined;
  clock?: Clock | undefined;
  /** Imitates Chromium's push service. Needs TLS. */
  chromiumPush?: boolean | undefined;
}

export interface App {
  readonly url: string;
  /** Where other computers reach it, the likeliest address first; empty when it listens to this one only. */
  readonly networkUrls: readonly string[];
  readonly issuer: string;
  readonly ca: string | undefined;
  readonly caFile: string | undefined;
  readonly tenant: Tenant;
  /** Switches under which Chromium uses our push service; undefined without `chromiumPush`. */
  readonly chromiumSwitches: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export async function createApp(options: AppOptions): Promise<App> {
  const { config } = options;
  const clock = options.clock ?? createSystemClock();
  const requestedIssuer = options.issuer === undefined ? undefined : checkIssuer(options.issuer);
  const undo: Array<() => Promise<void> | void> = [];
  let closing: Promise<void> | undefined;
  const undoAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const step of undo.reverse()) {
      try {
        await step();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  };
  /** Everybody who closes waits for the same end. */
  const close = (): Promise<void> => {
    closing ??= undoAll();
    return closing;
  };
  try {
    const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'assent-')));
    if (options.dataFolder === undefined) undo.push(() => rm(dataFolder, { recursive: true, force: true }));
    const store = await openStore(options, clock);
    undo.push(() => store.close());
    const reachedBy = networkHosts(options.host, networkInterfaces()).map(({ address }) => address);
    const hostNames = [
      ...(requestedIssuer === undefined ? [] : [hostOf(requestedIssuer)]),
      ...config.extra_host_names,
      ...(isWildcard(options.host) ? reachedBy : [options.host]),
    ];
    const certificates = options.tls
      ? // Certificates are judged by other programs, and those go by the computer's clock.
        await provideCertificates({ folder: dataFolder, hostNames, clock: createSystemClock() })
      : undefined;

    // Port 0 is known only after listening, and the issuer depends on it: until then, callers are asked to wait.
    let answer: RequestListener = (_request, response) => {
      response.writeHead(503, { 'retry-after': '1' }).end();
    };
    let answerPlain: RequestListener = answer;
    let upgrade: NonNullable<ListenOptions['upgrade']> = () => false;
    const listening = await listen({
      host: options.host,
      port: options.port,
      certificate: certificates,
      listener: (request, response) => answer(request, response),
      plainListener: isLoopback(options.host)
        ? undefined
        : (request, response) => answerPlain(request, response),
      upgrade: (request, socket, head) => upgrade(request, socket, head),
    });
    undo.push(() => listening.close());

    const scheme = options.tls ? 'https' : 'http';
    const url = `${scheme}://${isWildcard(options.host) || options.host === '127.0.0.1' ? 'localhost' : hostInUrl(options.host)}:${listening.port}`;
    const networkUrls = reachedBy.map((host) => `${scheme}://${hostInUrl(host)}:${listening.port}`);
    const issuer = requestedIssuer ?? `${url}/`;

    const wired: { oauth?: OAuth; delivery?: Delivery } = {};
    const tenant = await createTenant({
      config,
      issuer,
      clock,
      ids: createRandomIds(),
      store,
      keys: await loadSigningKeys(config, options.dataFolder, store),
      ports: {
        announce: (approval) => wired.delivery?.announce(approval),
        settle: async (approval) => wired.oauth?.settle(approval),
      },
    });
    undo.push(() => tenant.close());
    const transactions = new Transactions(tenant);
    const delivery = await createDelivery({
      tenant,
      transactions,
      url,
      ca: certificates?.ca,
      keyFolder: options.dataFolder,
      tls: certificates && { certificate: certificates, host: options.host },
    });
    wired.delivery = delivery;
    let deliveryClosing: Promise<void> | undefined;
    const closeDelivery = (): Promise<void> => {
      deliveryClosing ??= delivery.close();
      return deliveryClosing;
    };
    undo.push(closeDelivery);
    if (options.chromiumPush) await delivery.embeddedPush.openForChromium();
    const oauth = createOAuth(tenant);
    wired.oauth = oauth;
    undo.push(() => oauth.close());

    const management = createManagement(tenant, { invite: (invitation) => delivery.invite(invitation) });
    const guardian = createGuardian({ tenant, transactions, push: delivery.push });
    const shutdown = new AbortController();
    const allowedHosts = new Set(
      [...LOOPBACK_NAMES, ...hostNames.map(hostInUrl), ...(isWildcard(options.host) ? ownAddresses() : [])]
        .flatMap((name) => [`${name}:${listening.port}`, name])
        .concat(new URL(issuer).host)
        .map((host) => host.toLowerCase()),
    );
    const isOwnHost = (request: IncomingMessage): boolean =>
      allowedHosts.has((request.headers.host ?? '').toLowerCase());
    const http = createHttpApp({
      tenant,
      transactions,
      outbox: delivery.outbox,
      mailbox: delivery.mailbox,
      push: delivery.push,
      openForChromium: () => delivery.embeddedPush.openForChromium(),
      oauth: oauth.middleware,
      oauthRoutes: oauth.routes,
      management: management.middleware,
      managementRoutes: management.routes,
      guardian: guardian.middleware,
      guardianRoutes: guardian.routes,
      isReady: () => !shutdown.signal.aborted,
      version: await readVersion(),
      startedAtMs: clock.now(),
      webFolder: fileURLToPath(new URL('../dist/web', import.meta.url)),
      caPem: certificates?.ca,
      networkUrls,
      allowedHosts: () => allowedHosts,
      shutdown: shutdown.signal,
      async askDemo(userId) {
        const authReqId = await sendDemoRequest({ tenant, url, ca: certificates?.ca }, userId);
        return (await tenant.approvals.findByAuthReqId(authReqId))?.name ?? '';
      },
    });
    const answerByApp = http.callback();
    answer = (request, response) => {
      const isPush = isOwnHost(request) && delivery.embeddedPush.answer(request, response);
      if (!isPush) void answerByApp(request, response);
    };
    const answerByPlainDoor = createPlainDoor({ tenant, caPem: certificates?.ca }).callback();
    answerPlain = (request, response) => void answerByPlainDoor(request, response);
    upgrade = (request, socket, head) =>
      isOwnHost(request) && delivery.embeddedPush.upgrade(request, socket, head);
    // Now that everybody is there, and can be reached: what an earlier process left is taken up.
    await tenant.approvals.resume();
    // Undone first: whoever waits is let go, then the door is shut, and only then what stands behind it.
    undo.push(() => listening.close());
    undo.push(closeDelivery);
    undo.push(() => shutdown.abort());

    return {
      url,
      networkUrls,
      issuer,
      ca: certificates?.ca,
      caFile: certificates?.caFile,
      tenant,
      chromiumSwitches: delivery.embeddedPush.chromiumSwitches,
      env: agentEnvironment(config, issuer, certificates?.caFile),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** SQLite is loaded only where it is wanted. */
async function openStore({ dataFile, config }: AppOptions, clock: Clock): Promise<Store> {
  if (dataFile === undefined) return createMemoryStore(clock);
  const { openSqliteStore } = await import('./tenant/sqlite-store.ts');
  return openSqliteStore({ file: dataFile, tenant: config.tenant.name, clock });
}

/** Variables as the SDK quickstarts spell them. */
function agentEnvironment(
  config: TenantConfig,
  issuer: string,
  caFile: string | undefined,
): Readonly<Record<string, string>> {
  const client =
    config.clients.find((one) => one.grant_types.includes(CIBA_GRANT_TYPE)) ?? config.clients.at(0);
  const audience = config.tenant.default_audience ?? config.resource_servers.at(0)?.identifier;
  return Object.freeze({
    AUTH0_DOMAIN: new URL(issuer).host,
    ...(client === undefined ? {} : { AUTH0_CLIENT_ID: client.client_id }),
    ...(client?.client_secret === undefined ? {} : { AUTH0_CLIENT_SECRET: client.client_secret }),
    ...(audience === undefined ? {} : { AUTH0_AUDIENCE: audience }),
    ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
  });
}

/** An issuer is `https://HOST[:PORT]/`: Auth0's SDKs know a domain only, so there is nothing before or after it. */
function checkIssuer(text: string): string {
  const parsed = URL.parse(text);
  // RFC 1123 §2.1: a star is no part of a host name, so nobody could resolve or verify it.
  const isOneHost = parsed !== null && !parsed.hostname.includes('*');
  const isPlain = isOneHost && /^https?:$/.test(parsed.protocol) && parsed.href === `${parsed.origin}/`;
  if (isPlain) return parsed.href;
  throw new Problem(
    'usage',
    `The issuer "${text}" is not usable, expected https://HOST[:PORT]/ with one host and no path.`,
    { hint: 'assent --issuer https://auth0.test/ --port 443' },
  );
}

/** Name or address in a URL, an IPv6 address without its brackets. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Addresses of this computer, for a server that listens on all of them. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => hostInUrl(address)),
  );
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

async function readVersion(): Promise<string> {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}
