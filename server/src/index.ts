// The package's entry. In one process: `await using assent = await startAssent()`; the command line uses the same call.
import type { Clock } from './clock.ts';
import type { TenantConfigInput } from './contract/index.ts';
import type { ControlClient } from './control-client.ts';

export interface StartOptions {
  /** The tenant, checked against the schema. Left out: the bank of the lab. */
  config?: TenantConfigInput;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /** Port, 0 for any free one. Default 0. */
  port?: number;
  /** `https://HOST[:PORT]/`. Default: `https://localhost:PORT/` (or http). Discovery always states exactly this. */
  issuer?: string;
  /** False serves plain http. Default true, with a certificate from the local authority in `dataFolder`. */
  tls?: boolean;
  /** Folder for certificates and keys. Default: a temporary one that `close()` removes. */
  dataFolder?: string;
  clock?: Clock;
}

export interface RunningAssent extends AsyncDisposable {
  /** Where it listens, without a slash at the end: `https://localhost:4443`. */
  readonly url: string;
  /** The issuer, with a slash at the end. */
  readonly issuer: string;
  /** Certificate authority as PEM; undefined on plain http. */
  readonly ca: string | undefined;
  readonly caFile: string | undefined;
  /** Variables for an agent: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, AUTH0_AUDIENCE, NODE_EXTRA_CA_CERTS. */
  readonly env: Readonly<Record<string, string>>;
  /** List, wait for and decide requests. */
  readonly control: ControlClient;
  close(): Promise<void>;
}

export declare function startAssent(options?: StartOptions): Promise<RunningAssent>;
