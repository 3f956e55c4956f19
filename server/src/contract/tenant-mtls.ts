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
