// What is in a snapshot, which snapshots fit, and what stays when everything else begins anew. Pure: documents → documents.
import { SNAPSHOT_VERSION, type Snapshot, snapshotSchema } from '../contract/index.ts';
import { OF_THE_INSTANCES } from '../instances/index.ts';
import { isJsonObject } from '../json-object.ts';
import { Problem } from '../problem.ts';
import type { StoredDocument } from '../store.ts';
import { SIGNING_KEYS } from './signing-keys.ts';
import { MOST_EVENTS } from './stories.ts';
import type { Tenant } from './tenant.ts';

/**
 * Not of the tenant, but of the browsers that came by: the push service that they use, which is somebody else's in life. A
 * browser that runs on keeps its subscription, and a Chromium finds the port that it was started with.
 */
const OF_THE_PUSH_SERVICE: readonly string[] = [
  'vapid-keys',
  'push-subscriptions',
  'push-autopush-agents',
  'push-fcm-agents',
  'push-fcm-ports',
];

/** As of this call. What was acknowledged before is in it; what is under way may be in it half, as after a crash. */
export async function takeSnapshot(tenant: Tenant): Promise<Snapshot> {
  const { issuer, clock, configuration, memory, store } = tenant;
  const dumping = store.dump();
  const snapshot = {
    version: SNAPSHOT_VERSION,
    issuer,
    tenant: configuration.start.tenant.name,
    configuration: configuration.startHash,
    taken_at: new Date(clock.now()).toISOString(),
    memory: memory.write(),
  };
  // Through JSON, so that a snapshot is the same whether it has been in a file or not.
  const text = JSON.stringify({
    ...snapshot,
    documents: (await dumping)
      .filter(({ collection }) => !OF_THE_INSTANCES.includes(collection))
      .map(({ expiresAt, ...document }) => ({ ...document, expires_at: expiresAt })),
  });
  return JSON.parse(text) as Snapshot;
}

/**
 * @param value what somebody holds for a snapshot
 * @throws Problem `snapshot_unusable` that names what does not fit
 */
export function requireFittingSnapshot(value: unknown, { issuer, configuration }: Tenant): Snapshot {
  const version = isJsonObject(value) ? value['version'] : undefined;
  if (typeof version === 'number' && version !== SNAPSHOT_VERSION) {
    throw misfit(`Received a snapshot of version ${version}, expected version ${SNAPSHOT_VERSION}.`, {
      hint: 'Take it again with this version of Assent.',
    });
  }
  const read = snapshotSchema.safeParse(value);
  if (!read.success) {
    const findings = read.error.issues
      .slice(0, 20)
      .map(({ path, message }) => `${path.map(String).join('.') || 'the snapshot'}: ${message}`);
    throw new Problem('snapshot_unusable', `Received what is no snapshot: ${findings[0]}.`, {
      hint: 'Give it what GET /control/snapshot answered, unchanged.',
      findings,
    });
  }
  const { data: snapshot } = read;
  const odd = snapshot.documents.find(({ value }) => !isJsonObject(value));
  if (odd) {
    throw new Problem('snapshot_unusable', `Received a document of ${odd.collection} that is no object.`, {
      hint: 'Give it what GET /control/snapshot answered, unchanged.',
    });
  }
  const name = configuration.start.tenant.name;
  if (snapshot.tenant !== name) {
    throw misfit(`Received a snapshot of the tenant "${snapshot.tenant}", expected one of "${name}".`, {
      hint: 'Start the server with the tenant file of that tenant.',
    });
  }
  if (snapshot.issuer !== issuer) {
    throw misfit(`Received a snapshot of the issuer ${snapshot.issuer}, expected one of ${issuer}.`, {
      hint: `Start the server as that issuer: on the same port, or with --issuer ${snapshot.issuer}`,
    });
  }
  if (snapshot.configuration !== configuration.startHash) {
    throw misfit('Received a snapshot of a server that was started with another tenant file.', {
      hint: 'Start the server with the tenant file of then, or take the snapshot again.',
    });
  }
  return snapshot;
}

/** What tokens are signed with, where the tenant file names no keys. */
export async function keysOf({ store }: Tenant): Promise<StoredDocument[]> {
  const found = await store.collection<unknown>(SIGNING_KEYS).list();
  return found.map((document) => ({ collection: SIGNING_KEYS, expiresAt: null, ...document }));
}

/**
 * Documents of a tenant as it began. Clients have cached its public keys, so it signs with the key that it had then; one that
 * came later, by rotation, is gone.
 *
 * @param keysAtStart those of the tenant when this process opened it
 * @param before everything of the tenant that ends
 */
export function documentsAfterReset(
  keysAtStart: readonly StoredDocument[],
  before: readonly StoredDocument[],
): StoredDocument[] {
  return [...keysAtStart, ...before.filter(({ collection }) => OF_THE_PUSH_SERVICE.includes(collection))];
}

export function documentsAfterRestore({ documents }: Snapshot): StoredDocument[] {
  return documents.map(({ expires_at, value, ...document }) => ({
    ...document,
    expiresAt: expires_at,
    value,
  }));
}

/** Numbers of events go on where the tenant that ends has stopped: no reader is told of two events under one number. */
export function lastEventAfterRestore({ memory }: Snapshot, lastEvent: number): number {
  const { trace } = memory;
  const numbers = (Array.isArray(trace) ? trace : [])
    .map((event) => (isJsonObject(event) ? event['number'] : 0))
    .filter((number) => typeof number === 'number' && number <= MOST_EVENTS);
  return numbers.reduce<number>((last, one) => Math.max(last, Number(one)), lastEvent);
}

function misfit(message: string, options: { hint: string }): Problem {
  return new Problem('snapshot_unusable', message, { status: 409, ...options });
}
