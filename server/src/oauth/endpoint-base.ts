// Under which of its two addresses a caller knows an endpoint: below the issuer, or among the aliases for mutual TLS (RFC 8705 §5).
// The provider knows one at a time, and compares with it what a client assertion and a DPoP proof are addressed to.
import { decodeJwt } from 'jose';
import type { Tenant } from '../tenant/index.ts';
import { parameter, type RequestParameters } from './parameters.ts';

/** @param addresses to which something in the request is addressed */
export function baseOf(
  { issuer, mtlsUrl }: Pick<Tenant, 'issuer' | 'mtlsUrl'>,
  addresses: ReadonlyArray<string | undefined>,
): string {
  const isAlias = mtlsUrl !== undefined && addresses.some((address) => address?.startsWith(`${mtlsUrl}/`));
  return isAlias ? mtlsUrl : issuer;
}

/** Whom the client assertion of a request is addressed to; nobody for what is none, which the provider refuses. */
export function audiencesOf(parameters: RequestParameters): string[] {
  const assertion = parameter(parameters, 'client_assertion');
  if (assertion === undefined) return [];
  try {
    return [decodeJwt(assertion).aud ?? []].flat();
  } catch {
    return [];
  }
}
