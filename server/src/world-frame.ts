// What a world stands in, what it begins with, and what those who own one may ask of it.
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from './clock.ts';
import type { QuickAnswersInput, TenantConfig, TraceEvent } from './contract/index.ts';
import type { ControlAccess } from './http/index.ts';
import type { TroublePort } from './listen.ts';
import type { OpenSceneServer } from './scenes/index.ts';
import type { Filling, StoredDocument } from './store.ts';
import type { Tenant } from './tenant/index.ts';
import type { StoreOutages } from './tenant/store-outage.ts';
import type { Certificates } from './tls/certificates.ts';

/** What stays the same for as long as the server listens. */
export interface WorldFrame {
  /** What each world begins as, checked. */
  config: TenantConfig;
  /** Stands over the configuration, whatever that becomes. */
  quickAnswers?: QuickAnswersInput;
  issuer: string;
  /** Where it listens, without a slash at the end. */
  url: string;
  /** Where callers are asked for a certificate; undefined where nobody is. */
  mtlsUrl?: string | undefined;
  /** Where other computers reach it, the likeliest address first. */
  networkUrls: readonly string[];
  /** Values of the Host header, in lower case. */
  allowedHosts: ReadonlySet<string>;
  host: string;
  certificates: Certificates | undefined;
  /** Where keys are kept; undefined keeps them in the store alone. */
  keyFolder: string | undefined;
  /** Undefined: memory. */
  dataFile: string | undefined;
  /** `redis://…`, in place of a data file. */
  storeUrl: string | undefined;
  /** Of the one or the other. */
  outages: StoreOutages;
  /** What the clock of each world is put forward from. Undefined: the computer's. */
  clock: Clock | undefined;
  controlAccess: ControlAccess | undefined;
  version: string;
  startedAtMs: number;
  /** Imitates Chromium's push service from the start. */
  chromiumPush: boolean;
  /** Told of each event of the trace. */
  onEvent: ((event: TraceEvent) => void) | undefined;
  /** A server of its own for what is played beside this one. */
  openSceneServer: OpenSceneServer;
}

/** What a world begins with, where it does not begin with what its store has. */
export interface WorldBeginning {
  documents: readonly StoredDocument[];
  memory: Readonly<Record<string, unknown>>;
  /** Number of the last event before it. */
  lastEvent: number;
  /** Of the store, whose place it takes; undefined where nobody shares that. */
  over: Filling | undefined;
}

export interface World {
  readonly tenant: Tenant;
  /** Switches under which Chromium uses our push service; undefined until somebody asked for it. */
  readonly chromiumSwitches: readonly string[] | undefined;
  readonly answer: RequestListener;
  readonly answerPlain: RequestListener;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** What becomes of connections before anything is asked on them. */
  readonly trouble: TroublePort;
  /** @throws for documents that came with a snapshot, and of which nobody could ever be told */
  requireReadable(): Promise<void>;
  /** The other instances go on in this world, too. For one that began with documents. */
  found(): Promise<void>;
  /** Resolves once what other instances have answered counts here; undefined where there are none. Never rejects. */
  readonly catchUp: (() => Promise<void>) | undefined;
  /** Whether another instance has put another world in place of this one. */
  readonly isOver: boolean;
  /** Takes up what an earlier process or world left. Once, when this world can be reached. */
  resume(): Promise<void>;
  /**
   * Whoever is held, by a stream or a wait, is let go; nothing is told to anybody any more.
   *
   * @param options whether another world takes its place, so that no other instance has to see to what it leaves
   */
  letGo(options?: { isReplaced?: boolean }): Promise<void>;
  /** Closes everything else. */
  end(): Promise<void>;
}
