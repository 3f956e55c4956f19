// Everything at once: back to the start, out as one value, in again. Each answers once the next world does.
import type { ServerResponse } from 'node:http';
import {
  CONTROL_API,
  type Snapshot,
  snapshotBodySchema,
  snapshotSchema,
  type WorldSummary,
  worldSchema,
} from '../contract/index.ts';
import { DEEPEST_LEVEL } from '../json-object.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ControlRoute } from './control-route.ts';
import { readJson } from './request-body.ts';

/** How a world is ended and another one begins. */
export interface WorldPort {
  /** @param caller is answered by the world that ends */
  reset(caller?: ServerResponse): Promise<Tenant>;
  snapshot(): Promise<Snapshot>;
  /** @throws Problem `snapshot_unusable`, and then nothing has changed */
  restore(snapshot: unknown, caller?: ServerResponse): Promise<Tenant>;
}

/** The trace alone may be a quarter of it. */
const LONGEST_SNAPSHOT_BYTES = 128 * 1024 * 1024;

/** What stands around a value that came in a body of its own. */
const LEVELS_AROUND = 20;

export function worldRoutes({ worlds }: { worlds: WorldPort }): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: `${CONTROL_API}/reset`,
      purpose: 'put everything back to the start',
      shapes: {
        answer: worldSchema,
        note: 'The body is `{}`. Address, issuer and signing key stay; whoever is connected is let go. Answers once the next request is answered from the start. A tenant file that `--watch` has loaded since counts again when it is saved again.',
      },
      answer: async (ctx) => {
        ctx.body = await summarize(await worlds.reset(ctx.res));
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/snapshot`,
      purpose: 'take everything that changes as one value',
      shapes: { answer: snapshotSchema, note: 'It holds secrets: keys, passwords, sessions and tokens.' },
      answer: async (ctx) => {
        ctx.body = await worlds.snapshot();
      },
    },
    {
      method: 'PUT',
      path: `${CONTROL_API}/snapshot`,
      purpose: 'put a snapshot in place of everything',
      shapes: {
        body: snapshotSchema,
        answer: worldSchema,
        errors: {
          409: 'The snapshot is of another issuer, tenant, tenant file or version. Nothing has changed.',
        },
        note: 'The body is what `GET` answered.',
      },
      answer: async (ctx) => {
        const snapshot = await readJson(
          ctx,
          snapshotBodySchema,
          LONGEST_SNAPSHOT_BYTES,
          DEEPEST_LEVEL + LEVELS_AROUND,
        );
        ctx.body = await summarize(await worlds.restore(snapshot, ctx.res));
      },
    },
  ];
}

async function summarize({ issuer, config, approvals }: Tenant): Promise<WorldSummary> {
  return { issuer, tenant: config.tenant.name, requests: (await approvals.list()).length };
}
