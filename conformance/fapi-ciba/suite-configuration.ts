// Both sides of a run of the OpenID Foundation's own suite against Assent: the tenant with two clients for each variant of the
// plan `fapi-ciba-id1`, and the configuration that is pasted into the suite. Keys and certificates are made for the run.
import type { TenantConfigInput } from 'assent/contract';
import { exportJWK, type JWK } from 'jose';
import { type ClientCertificate, makeAuthority } from '../client/certificates.ts';
import { makeSigningKey, type SigningKey } from '../client/keys.ts';
import { CIBA_GRANT } from '../client/relying-party.ts';
import { VARIANTS, type Variant } from './modules.ts';

type ClientEntry = NonNullable<TenantConfigInput['clients']>[number];

export interface SuiteRun {
  /** Of Assent, as the suite reaches it; with a slash at the end. */
  issuer: string;
  /** Where Assent asks for certificates. */
  mtlsPort: number;
  /** Where the suite runs, without a slash at the end. */
  suite: string;
  /** Token of Assent's control API, where it needs one. */
  controlToken?: string | undefined;
}

export interface SuiteFiles {
  tenant: TenantConfigInput;
  /** By variant, as `poll-private-key-jwt`. */
  plans: Record<string, SuitePlan>;
}

/** The members that the suite reads for static clients of a plain FAPI server, by its names. */
interface SuitePlan {
  alias: string;
  description: string;
  server: { discoveryUrl: string };
  client: SuiteClient;
  client2: SuiteClient;
  mtls: SuiteCertificate;
  mtls2: SuiteCertificate;
  resource: { resourceUrl: string };
  automated_ciba_approval_url: string;
}

interface SuiteClient {
  client_id: string;
  scope: string;
  jwks: { keys: [JWK & { alg: string; kid: string }] };
  hint_type: 'login_hint';
  hint_value: string;
}

/** PEM. */
interface SuiteCertificate {
  cert: string;
  key: string;
  ca: string;
}

const PERSON = { user_id: 'auth0|ada', name: 'Ada Lovelace', email: 'ada@example.com', email_verified: true };
const SCOPE = 'openid offline_access';

interface Party {
  clientId: string;
  key: SigningKey;
  certificate: ClientCertificate;
}

export async function makeSuiteFiles(run: SuiteRun): Promise<SuiteFiles> {
  const authority = await makeAuthority('CN=Authority of the suite');
  const clients: ClientEntry[] = [];
  const plans: Record<string, SuitePlan> = {};
  for (const variant of VARIANTS) {
    const alias = `assent-${nameOf(variant)}`;
    const makeParty = async (which: string): Promise<Party> => {
      const clientId = `${nameOf(variant)}-${which}`;
      const key = await makeSigningKey('PS256', `${clientId}-key`);
      return { clientId, key, certificate: await authority.issue(`CN=${clientId}`) };
    };
    const parties = await Promise.all([makeParty('first'), makeParty('second')]);
    clients.push(...parties.map((party) => clientEntry(party, variant, `${run.suite}/test/a/${alias}`)));
    plans[nameOf(variant)] = await planOf(run, alias, variant, parties, authority.ca);
  }
  return {
    tenant: {
      tenant: { name: 'fapi-ciba', profile: 'standard' },
      clients,
      users: [{ ...PERSON, devices: [{ id: 'dev_AAAAAAAAAAAAAAAA', name: 'Phone of the tenant file' }] }],
      ciba: {
        notification_hosts: [new URL(run.suite).hostname],
        requests_per_minute_per_user: 0,
        requests_per_minute_per_tenant: 0,
      },
      mtls: { port: run.mtlsPort, ca: authority.ca },
    },
    plans,
  };
}

export function nameOf({ mode, clientAuth }: Variant): string {
  return `${mode}-${clientAuth.replaceAll('_', '-')}`;
}

function clientEntry({ clientId, key }: Party, { mode, clientAuth }: Variant, suite: string): ClientEntry {
  return {
    client_id: clientId,
    name: clientId,
    grant_types: [CIBA_GRANT, 'refresh_token'],
    fapi_ciba: true,
    jwks: { keys: [{ ...key.publicJwk }] },
    id_token_signed_response_alg: 'PS256',
    ...(clientAuth === 'mtls'
      ? {
          token_endpoint_auth_method: 'tls_client_auth' as const,
          tls_client_auth_subject_dn: `CN=${clientId}`,
        }
      : { token_endpoint_auth_method: 'private_key_jwt' as const }),
    ...(mode === 'ping'
      ? {
          backchannel_token_delivery_mode: 'ping' as const,
          backchannel_client_notification_endpoint: `${suite}/ciba-notification-endpoint`,
        }
      : {}),
  };
}

async function planOf(
  { issuer, mtlsPort, controlToken }: SuiteRun,
  alias: string,
  { mode, clientAuth }: Variant,
  [first, second]: readonly [Party, Party],
  ca: string,
): Promise<SuitePlan> {
  const resource = new URL('userinfo', issuer);
  resource.port = String(mtlsPort);
  // Placeholders of the suite stand in braces, so this is no URL yet.
  const approval = 'control/automated-approval?auth_req_id={auth_req_id}&action={action}';
  return {
    alias,
    description: `Assent, ${mode} with ${clientAuth}`,
    server: { discoveryUrl: new URL('.well-known/openid-configuration', issuer).href },
    client: await suiteClientOf(first),
    client2: await suiteClientOf(second),
    mtls: { cert: first.certificate.cert, key: first.certificate.key, ca },
    mtls2: { cert: second.certificate.cert, key: second.certificate.key, ca },
    resource: { resourceUrl: resource.href },
    automated_ciba_approval_url: `${issuer}${approval}${
      controlToken === undefined ? '' : `&control_token=${encodeURIComponent(controlToken)}`
    }`,
  };
}

async function suiteClientOf({ clientId, key: { alg, kid, privateKey } }: Party): Promise<SuiteClient> {
  return {
    client_id: clientId,
    scope: SCOPE,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }] },
    hint_type: 'login_hint',
    hint_value: PERSON.email,
  };
}
