// The clients of these tests: by how each proves itself, and by how it gets its answer. And the bank they ask at.
import type { TenantConfigInput } from 'assent/contract';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import type { Identity } from './certificate-fetch.ts';

export const AUDIENCE = 'https://bank.example/transfers';
export const ADA = 'bank|ada';

/** `private_key_jwt`: plain bearer tokens. `certificate`: mutual TLS, and tokens bound to it. `dpop`: an assertion, and tokens of a key. */
const PROOFS = ['private_key_jwt', 'certificate', 'dpop'] as const;
export type Proof = (typeof PROOFS)[number];
const DELIVERIES = ['poll', 'ping', 'push'] as const;
export type Delivery = (typeof DELIVERIES)[number];

export interface Credentials {
  readonly clientId: string;
  readonly proof: Proof;
  readonly delivery: Delivery;
  /** Of assertions. */
  readonly key: { key: CryptoKey; kid: string };
  readonly certificate: Identity | undefined;
}

/** Whoever is pushed a token shows nothing that it could be bound to. */
export const COMBINATIONS = PROOFS.flatMap((proof) =>
  DELIVERIES.filter((delivery) => delivery !== 'push' || proof !== 'dpop').map((delivery) => ({
    proof,
    delivery,
  })),
);

export const clientIdOf = (library: string, proof: Proof, delivery: Delivery): string =>
  `${library}-${proof}-${delivery}`.replaceAll('_', '-');

/** One key for all of them: they are the same program. */
export async function makeAssertionKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'assertions' };
  return { key: { key: privateKey, kid: 'assertions' }, jwk };
}

export function createBank(
  libraries: readonly string[],
  jwk: Record<string, unknown>,
  notificationUrl: string,
): TenantConfigInput {
  return {
    tenant: { name: 'standard-sdks', profile: 'standard', dpop_nonce: true },
    clients: libraries.flatMap((library) =>
      COMBINATIONS.map(({ proof, delivery }) => {
        const client_id = clientIdOf(library, proof, delivery);
        return {
          client_id,
          name: client_id,
          id_token_signed_response_alg: 'ES256' as const,
          backchannel_token_delivery_mode: delivery,
          ...(delivery === 'poll' ? {} : { backchannel_client_notification_endpoint: notificationUrl }),
          ...(proof === 'certificate'
            ? {
                token_endpoint_auth_method: 'tls_client_auth' as const,
                tls_client_auth_subject_dn: `CN=${client_id}`,
                ...(delivery === 'push' ? {} : { tls_client_certificate_bound_access_tokens: true }),
              }
            : { token_endpoint_auth_method: 'private_key_jwt' as const, jwks: { keys: [jwk] } }),
          ...(proof === 'dpop' ? { dpop_bound_access_tokens: true } : {}),
        };
      }),
    ),
    resource_servers: [{ identifier: AUDIENCE, name: 'Transfers', scopes: [{ value: 'create:transfer' }] }],
    users: [{ user_id: ADA, name: 'Ada', devices: [{ id: 'dev_0000000000000001', name: 'Phone' }] }],
    ciba: { interval: 0.2, notification_hosts: ['localhost'] },
  };
}
