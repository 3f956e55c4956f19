// Mutual TLS in the tenant file: the second listener, and whose signature on a certificate counts. RFC 8705.
import { z } from 'zod';

export const mtlsSchema = z
  .strictObject({
    port: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe('Where callers are asked for a certificate; 0 for any free port.'),
    ca: z
      .string()
      .min(1)
      .optional()
      .describe(
        'PEM of authorities that may sign certificates for `tls_client_auth`, or the file that has it. The local authority counts in any case.',
      ),
  })
  .describe(
    'A second listener for clients that prove themselves by a certificate. Left out, it opens on a free port where a client of this file needs it. Read when the server starts.',
  );

/** A client as far as it says whether it needs a certificate. */
export interface CertificateNeeds {
  readonly token_endpoint_auth_method?: string | undefined;
  readonly tls_client_certificate_bound_access_tokens?: boolean | undefined;
  readonly fapi_ciba?: boolean | undefined;
}

/** RFC 8705 §2. */
export const MUTUAL_TLS_METHODS: readonly string[] = ['tls_client_auth', 'self_signed_tls_client_auth'];

/** Whether access tokens of a client are bound to its certificate, RFC 8705 §3. FAPI-CIBA §5.2.2 wants that, said or not. */
export function hasCertificateBoundTokens(client: CertificateNeeds): boolean {
  return client.tls_client_certificate_bound_access_tokens === true || client.fapi_ciba === true;
}

export function needsCertificate(client: CertificateNeeds): boolean {
  return (
    MUTUAL_TLS_METHODS.includes(client.token_endpoint_auth_method ?? '') || hasCertificateBoundTokens(client)
  );
}
