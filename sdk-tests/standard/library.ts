// What these tests do with a library, whichever it is.
import type { Credentials } from './clients.ts';

interface Started {
  readonly auth_req_id: string;
  readonly expires_in: number;
  readonly interval?: number;
}

export interface Granted {
  readonly access_token: string;
  readonly id_token?: string | undefined;
  readonly token_type: string;
}

export interface Agent {
  ask(parameters: Record<string, string>): Promise<Started>;
  /** Polls until there is an answer, as the library does it or as it wants its caller to. */
  poll(started: Started): Promise<Granted>;
  /** One token request: after a ping there is an answer. */
  redeem(authReqId: string): Promise<Granted>;
  /** `sub` of /userinfo, with whatever the token needs beside it. */
  readSubject(accessToken: string, subject: string): Promise<string>;
}

export interface Library {
  readonly name: string;
  connect(issuer: string, credentials: Credentials): Promise<Agent>;
}

/** RFC 7591 §2, RFC 8705 §5: what the library has to know of its client. */
export function metadataOf({ proof }: Credentials) {
  return {
    id_token_signed_response_alg: 'ES256',
    ...(proof === 'certificate' ? { use_mtls_endpoint_aliases: true } : {}),
  };
}
