// Everything of a tenant that changes, as one JSON value: taken from a running server and put into another one, or into the same.
import { z } from 'zod';

/** Raised by every change after which an older snapshot would be misread. */
export const SNAPSHOT_VERSION = 1;

/**
 * GET /control/snapshot answers one, PUT /control/snapshot takes one. It holds secrets: keys, passwords, sessions, tokens. 409
 * for one of another issuer, tenant or version, and then nothing has changed.
 */
export const snapshotSchema = z.strictObject({
  version: z.literal(SNAPSHOT_VERSION),
  issuer: z.string(),
  tenant: z.string(),
  configuration: z.string().describe('Stands for the tenant file with which the server was started.'),
  taken_at: z.iso.datetime(),
  documents: z
    .array(
      z.strictObject({
        collection: z.string(),
        id: z.string(),
        version: z.int().positive(),
        expires_at: z.number().nullable().describe('Milliseconds since 1970; null for never.'),
        value: z.unknown(),
      }),
    )
    .describe('What is in the store: requests, devices, sessions, tickets, configuration, keys.'),
  memory: z
    .record(z.string(), z.unknown())
    .describe('What is in memory only, under the name of the part that wrote it: the trace, the paces.'),
});
export type Snapshot = z.output<typeof snapshotSchema>;

/** Read before its version is known. */
export const snapshotBodySchema = z.record(z.string(), z.unknown());

/** POST /control/reset answers this, and PUT /control/snapshot. */
export const worldSchema = z.strictObject({
  issuer: z.string(),
  tenant: z.string(),
  requests: z.int().describe('How many requests there are now.'),
});
export type WorldSummary = z.output<typeof worldSchema>;
