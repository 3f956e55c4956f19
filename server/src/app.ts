// The composition root of what stays: the folder, the certificates, the port, and the one beside it for callers with certificates. What changes is a world behind it (`worlds`).
import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adoptAuthority } from './authority-in-store.ts';
import { type Clock, createSystemClock } from './clock.ts';
import {
  CIBA_GRANT_TYPE,
  type QuickAnswersInput,
  type TenantConfig,
  type TraceEvent,
} from './contract/index.ts';
import { EarlyDoor } from './early-door.ts';
import { provideAccess } from './http/control-access.ts';
import { refuseUnready } from './http/unready.ts';
import type { DeskPages } from './http/web-apps.ts';
import { createRandomIds } from './ids.ts';
import { type ListenOptions, listen, type TroublePort } from './listen.ts';
import { findMutualTlsPort, readAuthorities, urlForCertificates } from './mutual-tls.ts';
import { isLoopback } from './network-addresses.ts';
import { openGround } from './open-ground.ts';
import { openStore } from './open-store.ts';
import { allowedHosts, checkIssuer, findOwnNames, hostInUrl, urlOf } from './own-names.ts';
import { readOwnVersion } from './own-package.ts';
import type { OpenSceneServer, SceneServer } from './scenes/index.ts';
import { StoreOutages } from './tenant/store-outage.ts';
import { type Certificates, provideCertificates } from './tls/certificates.ts';
import { type ClientCertificate, issueClientCertificate } from './tls/client-certificates.ts';
import { undoAll } from './undo.ts';
import type { WorldFrame } from './world-frame.ts';
import type { Worlds } from './worlds.ts';

export interface AppOptions {
  config: TenantConfig;
  host: string;
  port: number;
  issuer?: string | undefined;
  /** Host of the issuer, where its port is known only after listening. */
  issuerHost?: string | undefined;
  tls: boolean;
  /** Of the listener that asks for certificates. Undefined: as the tenant says. */
  mtlsPort?: number | undefined;
  /** Undefined: a temporary one, removed on close. */
  dataFolder?: string | undefined;
  /** Whether it signs with the key of its folder. Default true. */
  sharesKeys?: boolean | undefined;
  /** Keeps everything that changes, so that it survives a restart. Undefined: memory. */
  dataFile?: string | undefined;
  /** Redis or Valkey, for several servers that are one. Undefined: none. */
  storeUrl?: string | undefined;
  clock?: Clock | undefined;
  /** For the control API. Undefined: none on loopback, else one that nobody knows yet. */
  controlToken?: string | undefined;
  /** Imitates Chromium's push service. Needs TLS. */
  chromiumPush?: boolean | undefined;
  /** Stands over the configuration, whatever that becomes. */
  quickAnswers?: QuickAnswersInput | undefined;
  /** Told of each event of the trace, of whichever world. */
  onEvent?: ((event: TraceEvent) => void) | undefined;
}

export interface App {
  readonly url: string;
  /** Where other computers reach it, the likeliest address first; empty when it listens to this one only. */
  readonly networkUrls: readonly string[];
  readonly issuer: string;
  /** Where callers are asked for a certificate, without a slash at the end; undefined where nobody is. */
  readonly mtlsUrl: string | undefined;
  readonly ca: string | undefined;
  readonly caFile: string | undefined;
  readonly worlds: Pick<Worlds, 'reset' | 'snapshot' | 'restore' | 'tenant'>;
  /** Switches under which Chromium uses our push service; undefined without `chromiumPush`. */
  readonly chromiumSwitches: readonly string[] | undefined;
  readonly controlToken: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly deskPages: DeskPages;
  /** A certificate of the local authority, for a client. @throws Problem on plain http */
  makeClientCertificate(commonName: string): Promise<ClientCertificate>;
  close(): Promise<void>;
}

export async function createApp(options: AppOptions): Promise<App> {
  const { config, host } = options;
  const scheme = options.tls ? 'https' : 'http';
  const requestedIssuer = options.issuer === undefined ? undefined : checkIssuer(options.issuer);
  const issuerHost = options.issuerHost === undefined ? undefined : checkHost(scheme, options.issuerHost);
  const controlAccess = provideAccess(options.controlToken, {
    host,
    name: 'The control token',
    hint: 'Make one:   openssl rand -hex 32 > control-token',
    make: () => createRandomIds().make('', 43),
  });
  const undo: Array<() => Promise<void> | void> = [];
  const opening = Promise.withResolvers<Worlds>();
  // Whoever waits for it is told; nobody may.
  opening.promise.catch(() => undefined);
  let closing: Promise<void> | undefined;
  /** Everybody who closes waits for the same end. */
  const close = (): Promise<void> => {
    closing ??= undoAll(undo);
    return closing;
  };
  try {
    const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'assent-')));
    if (options.dataFolder === undefined) undo.push(() => rm(dataFolder, { recursive: true, force: true }));
    const names = findOwnNames({
      host,
      issuer: requestedIssuer ?? issuerHost,
      extraHostNames: config.extra_host_names,
    });
    const mtlsPort = findMutualTlsPort(config, options);
    const makeCertificates = (): Promise<Certificates> =>
      provideCertificates({
        folder: dataFolder,
        hostNames: [...names.hostNames],
        // Certificates are judged by other programs, and those go by the computer's clock.
        clock: createSystemClock(),
        rsa: mtlsPort !== undefined,
      });
    if (options.tls && options.storeUrl !== undefined) {
      const store = await openStore(options, createSystemClock(), { isQuiet: true });
      await adoptAuthority(dataFolder, store, makeCertificates).finally(() => store.close());
    }
    const certificates = options.tls ? await makeCertificates() : undefined;

    // Port 0 is known only after listening, and the issuer depends on it: until then, callers wait.
    const door = new EarlyDoor(
      opening.promise.then((worlds) => ({ answer: (...caller) => worlds.answer(...caller) })),
    );
    let answer: RequestListener = (request, response) => door.answer(request, response);
    let answerPlain: RequestListener = (request, response) => {
      opening.promise.then(
        (worlds) => worlds.answerPlain(request, response),
        () => refuseUnready(response),
      );
    };
    let upgrade: NonNullable<ListenOptions['upgrade']> = () => false;
    let trouble: TroublePort = { isExpected: () => false, troubleOf: async () => undefined };
    const listening = await listen({
      host,
      port: options.port,
      certificate: certificates,
      listener: (request, response) => answer(request, response),
      plainListener: isLoopback(host) ? undefined : (request, response) => answerPlain(request, response),
      upgrade: (request, socket, head) => upgrade(request, socket, head),
      trouble: {
        isExpected: () => trouble.isExpected(),
        troubleOf: (hello) => trouble.troubleOf(hello),
      },
    });
    undo.push(() => listening.close());
    const listeningForCertificates =
      mtlsPort === undefined || certificates === undefined
        ? undefined
        : await listen({
            host,
            port: mtlsPort,
            certificate: certificates,
            clientAuthorities: [certificates.ca, ...(await readAuthorities(config))],
            listener: (request, response) => answer(request, response),
            trouble: {
              isExpected: () => trouble.isExpected(),
              troubleOf: (hello) => trouble.troubleOf(hello),
            },
          });
    const closeForCertificates = async (): Promise<void> => listeningForCertificates?.close();
    undo.push(closeForCertificates);

    const url = urlOf(scheme, host, listening.port);
    const networkUrls = names.reachedBy.map(
      (address) => `${scheme}://${hostInUrl(address)}:${listening.port}`,
    );
    const issuer = requestedIssuer ?? withPort(issuerHost ?? url, listening.port);
    const mtlsUrl = listeningForCertificates && urlForCertificates(issuer, listeningForCertificates.port);
    const mayBeAsked = allowedHosts(names, { host, port: listening.port, issuer });
    const frame: WorldFrame = {
      config,
      ...(options.quickAnswers === undefined ? {} : { quickAnswers: options.quickAnswers }),
      issuer,
      url,
      networkUrls,
      mtlsUrl,
      allowedHosts:
        listeningForCertificates && mtlsUrl !== undefined
          ? new Set([
              ...mayBeAsked,
              ...allowedHosts(names, { host, port: listeningForCertificates.port, issuer: mtlsUrl }),
            ])
          : mayBeAsked,
      host,
      certificates,
      keyFolder: options.sharesKeys === false ? undefined : options.dataFolder,
      dataFile: options.dataFile,
      storeUrl: options.storeUrl,
      outages: new StoreOutages(),
      clock: options.clock,
      controlAccess,
      version: readOwnVersion(),
      startedAtMs: (options.clock ?? createSystemClock()).now(),
      chromiumPush: options.chromiumPush === true,
      onEvent: options.onEvent,
      openSceneServer,
    };
    const isInMemory = options.dataFile === undefined && options.storeUrl === undefined;
    // Loading the rest keeps the process busy. Those at the door come first, unless keys are made meanwhile, off this thread.
    const { promise: mayLoad, resolve: load } = Promise.withResolvers<void>();
    const ground = isInMemory ? openGround(frame, load) : undefined;
    const opened = ground?.then((known) => door.open(frame, known));
    // It is told below, once the rest is there.
    opened?.catch(load);
    await Promise.race([mayLoad, opened?.then(() => door.greet())]);
    const { Worlds } = await import('./worlds.ts');
    const worlds = await Worlds.open(frame, await ground);
    undo.push(() => worlds.end());
    answer = (request, response) => worlds.answer(request, response);
    answerPlain = (request, response) => worlds.answerPlain(request, response);
    upgrade = (request, socket, head) => worlds.upgrade(request, socket, head);
    trouble = worlds;
    opening.resolve(worlds);
    // Now that everybody is there, and can be reached: what an earlier process left is taken up.
    await worlds.resume();
    // Undone first: whoever waits is let go, then the door is shut, and only then what stands behind it.
    undo.push(() => listening.close());
    undo.push(closeForCertificates);
    undo.push(() => worlds.letGo());

    return {
      url,
      networkUrls,
      issuer,
      mtlsUrl,
      ca: certificates?.ca,
      caFile: certificates?.caFile,
      worlds,
      chromiumSwitches: worlds.chromiumSwitches,
      controlToken: controlAccess?.token,
      env: agentEnvironment(config, issuer, certificates?.caFile),
      deskPages: worlds.deskPages,
      makeClientCertificate: (commonName) => issueClientCertificate(dataFolder, { commonName }),
      close,
    };
  } catch (error) {
    opening.reject(error);
    await close();
    throw error;
  }
}

function checkHost(scheme: string, host: string): string {
  return checkIssuer(`${scheme}://${hostInUrl(host)}/`);
}

function withPort(url: string, port: number): string {
  const issuer = new URL(url);
  issuer.port = String(port);
  return issuer.href;
}

/** Another server in this process, for a scene: on loopback, without TLS, in memory, with a control token that nobody else knows. */
async function openSceneServer({ config, clock }: Parameters<OpenSceneServer>[0]): Promise<SceneServer> {
  const { createControlClient } = await import('./control-client.ts');
  const token = createRandomIds().make('', 43);
  const app = await createApp({ config, clock, host: '127.0.0.1', port: 0, tls: false, controlToken: token });
  return {
    url: app.url,
    issuer: app.issuer,
    control: createControlClient({ url: app.url, token }),
    close: () => app.close(),
  };
}

/** Variables as the SDK quickstarts spell them; for a tenant of the profile `standard` also by names that tell of no vendor. */
function agentEnvironment(
  config: TenantConfig,
  issuer: string,
  caFile: string | undefined,
): Readonly<Record<string, string>> {
  const asking = config.clients.filter((one) => one.grant_types.includes(CIBA_GRANT_TYPE));
  // SDKs poll.
  const polling = asking.find((one) => (one.backchannel_token_delivery_mode ?? 'poll') === 'poll');
  const client = polling ?? asking.at(0) ?? config.clients.at(0);
  const audience = config.tenant.default_audience ?? config.resource_servers.at(0)?.identifier;
  const known: Record<string, string> = {
    ...(client === undefined ? {} : { CLIENT_ID: client.client_id }),
    ...(client?.client_secret === undefined ? {} : { CLIENT_SECRET: client.client_secret }),
    ...(audience === undefined ? {} : { AUDIENCE: audience }),
  };
  const named = (prefix: string, members: Record<string, string>) =>
    Object.fromEntries(Object.entries(members).map(([name, value]) => [`${prefix}_${name}`, value]));
  return Object.freeze({
    ...(config.tenant.profile === 'standard' ? named('OIDC', { ISSUER: issuer, ...known }) : {}),
    ...named('AUTH0', { DOMAIN: new URL(issuer).host, ...known }),
    ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
  });
}
