// A server in this process, from its options. Called by the package's entry, and by the command line.
import type { Clock } from './clock.ts';
import type { Snapshot, TenantConfigInput, TraceEvent } from './contract/index.ts';
import type { ControlClient } from './control-client.ts';
import { Problem } from './problem.ts';
import { maskAddress } from './store-address.ts';
import { bankTenant } from './tenant/bank-tenant.ts';
import { type QuickAnswersOption, readQuickAnswers } from './tenant/quick-answers.ts';
import type { ClientCertificate } from './tls/client-certificates.ts';

export interface StartOptions {
  /** The tenant, checked against the schema. Left out: the bank of the lab. */
  config?: TenantConfigInput;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /** Port, 0 for any free one. Default 0. */
  port?: number;
  /** `https://HOST[:PORT]/`. Default: `https://localhost:PORT/` (or http). Discovery always states exactly this. */
  issuer?: string;
  /** In place of `localhost` in the default of `issuer`: a name or an address under which others reach this computer. */
  issuerHost?: string;
  /** False serves plain http. Default true, with a certificate from the local authority in `dataFolder`. */
  tls?: boolean;
  /**
   * Port at which callers are asked for a certificate (mutual TLS), 0 for any free one. Default: `mtls.port` of the tenant, and a
   * free one where a client of it needs a certificate. Needs TLS.
   */
  mtlsPort?: number;
  /**
   * Folder for certificates and keys. Default: a temporary one that `close()` removes. Servers that share a folder trust one
   * authority, sign with one key and start several times quicker; everything else is their own.
   */
  dataFolder?: string;
  /**
   * False: signs with a key of its own, which `dataFile` keeps, for servers of people who must not be able to speak for one
   * another: whoever may call the control API gets the key with a snapshot. Default true: with that of `dataFolder`.
   */
  sharesKeys?: boolean;
  /**
   * SQLite file that keeps requests, devices, sessions, keys and everything else that changes. A server that is started
   * again with the same file and issuer goes on where the last one stopped. Default: memory, lost on `close()`.
   */
  dataFile?: string;
  /**
   * Redis or Valkey, in place of `dataFile`: `redis://USER:PASSWORD@HOST:PORT/DATABASE`, `rediss://` with TLS. Servers that are
   * started with the same one, the same issuer and the same tenant are instances of one server.
   */
  store?: string;
  /**
   * What the server goes by, in place of the computer's clock; `control.clock` puts it forward on top of that. Certificates
   * and browsers' push services stay with the computer's.
   */
  clock?: Clock;
  /** What chance is drawn from, in place of the tenant’s `seed`: the same seed gives the same story again. */
  seed?: string | number;
  /**
   * Imitates Chromium's push service on a port of its own. A Chromium that is started with `chromiumSwitches` then receives
   * real pushes without the internet. Needs TLS.
   */
  chromiumPush?: boolean;
  /**
   * What callers of the control API have to send, at least 16 characters. Default: none on loopback; where `host` opens the
   * server to the network, a new one, which other computers need.
   */
  controlToken?: string;
  /**
   * Lets an agent learn of a decision in the moment in which it falls: `true`, or seconds such as
   * `{ interval: 0.1, held_poll: 4 }`. Stands over `ciba` of the tenant. Default: the tenant's, which is Auth0's pace.
   */
  quickAnswers?: QuickAnswersOption;
  /**
   * Told of each event of the trace as it happens, and may do with it what it likes: the story does not change by that. In this
   * process that costs a fraction of `control.events()`.
   */
  onEvent?: (event: TraceEvent) => void;
}

export interface RunningAssent extends AsyncDisposable {
  /** Where it listens, without a slash at the end: `https://localhost:4443`. */
  readonly url: string;
  /** Where other computers and phones reach it, the likeliest address first. Empty unless `host` opens it to the network. */
  readonly networkUrls: readonly string[];
  /** The issuer, with a slash at the end. */
  readonly issuer: string;
  /** Where callers are asked for a certificate, without a slash at the end; undefined where nobody is. */
  readonly mtlsUrl: string | undefined;
  /** Certificate authority as PEM; undefined on plain http. */
  readonly ca: string | undefined;
  readonly caFile: string | undefined;
  /** Variables for an agent: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, AUTH0_AUDIENCE, NODE_EXTRA_CA_CERTS; with the profile `standard` also OIDC_ISSUER and so on. */
  readonly env: Readonly<Record<string, string>>;
  /** Addresses of the web apps, as far as they have been built. */
  readonly pages: {
    readonly approverApp: string;
    readonly sequence: string | undefined;
    readonly console: string | undefined;
  };
  /** The tenant's name and how much is in it, for the banner. */
  readonly tenant: {
    readonly name: string;
    readonly people: number;
    readonly clients: number;
    readonly apis: number;
    readonly profile: 'auth0' | 'standard';
  };
  /**
   * A certificate with which a client proves itself, signed by the local authority: for `tls_client_auth`, with
   * `tls_client_auth_subject_dn: CN=COMMON-NAME`. Its `jwk` is for the `jwks` of `self_signed_tls_client_auth`.
   */
  makeClientCertificate(commonName: string): Promise<ClientCertificate>;
  /** Switches for Chromium; undefined without `chromiumPush`. */
  readonly chromiumSwitches: readonly string[] | undefined;
  /** Of the control API; undefined where nobody needs one. `control` sends it by itself. */
  readonly controlToken: string | undefined;
  /** List, wait for and decide requests. */
  readonly control: ControlClient;
  /**
   * Puts everything back to the start behind the same address: nobody asked, nobody paired. Keys and certificates stay.
   * Whoever is connected is let go and may come back.
   */
  reset(): Promise<void>;
  /** Everything that changes, as a JSON value. It holds secrets. */
  snapshot(): Promise<Snapshot>;
  /**
   * Puts a snapshot in place of everything.
   * @throws Problem `snapshot_unusable` for one of another issuer, tenant, tenant file or version; nothing changes then
   */
  restore(snapshot: Snapshot): Promise<void>;
  /** The time that the server goes by, in milliseconds since the epoch: for a `createTokenVerifier` in this process. */
  readonly clock: { now(): number };
  close(): Promise<void>;
}

/** As `startAssent` of the package, but that events are told as they are: whoever listens here changes nothing of them. */
export async function openAssent(options: StartOptions): Promise<RunningAssent> {
  // Whoever imports this package for its control client alone does not pay for the server.
  const [{ createApp }, { checkTenant }] = await Promise.all([
    import('./app.ts'),
    import('./tenant/config-file.ts'),
  ]);
  const { config: file = bankTenant, seed } = options;
  const config = await checkTenant(file, seed === undefined ? {} : { seed });
  const app = await createApp({
    config,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    issuer: options.issuer,
    issuerHost: options.issuerHost,
    tls: options.tls ?? true,
    mtlsPort: options.mtlsPort,
    dataFolder: options.dataFolder,
    sharesKeys: options.sharesKeys ?? true,
    dataFile: options.dataFile,
    storeUrl: readStoreUrl(options),
    clock: options.clock,
    chromiumPush: options.chromiumPush,
    controlToken: options.controlToken,
    quickAnswers: await readQuickAnswers(options.quickAnswers),
    onEvent: options.onEvent,
  });
  const { createControlClient } = await import('./control-client.ts');
  return {
    url: app.url,
    networkUrls: app.networkUrls,
    issuer: app.issuer,
    mtlsUrl: app.mtlsUrl,
    makeClientCertificate: (commonName) => app.makeClientCertificate(commonName),
    ca: app.ca,
    caFile: app.caFile,
    env: app.env,
    chromiumSwitches: app.chromiumSwitches,
    controlToken: app.controlToken,
    pages: {
      approverApp: `${app.url}/approve`,
      sequence: app.deskPages.sequence ? `${app.url}/sequence` : undefined,
      console: app.deskPages.console ? `${app.url}/console` : undefined,
    },
    tenant: {
      name: config.tenant.name,
      people: config.users.length,
      clients: config.clients.length,
      apis: config.resource_servers.length,
      profile: config.tenant.profile,
    },
    control: createControlClient({ url: app.url, ca: app.ca, token: app.controlToken }),
    reset: async () => void (await app.worlds.reset()),
    snapshot: () => app.worlds.snapshot(),
    restore: async (snapshot) => void (await app.worlds.restore(snapshot)),
    clock: { now: () => app.worlds.tenant.clock.now() },
    close: () => app.close(),
    [Symbol.asyncDispose]: () => app.close(),
  };
}

function readStoreUrl({ dataFile, store }: StartOptions): string | undefined {
  if (store !== undefined && dataFile !== undefined) {
    throw new Problem(
      'usage',
      `Received both a data file (${dataFile}) and a store (${maskAddress(store)}).`,
      {
        hint: 'Keep one of them: the file for one server, Redis for several that are one.',
      },
    );
  }
  return store;
}
