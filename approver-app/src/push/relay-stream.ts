// Listens to the relay for as long as a page is open. Of several tabs one listens for all of them (the holder of a lock);
// when it closes, another takes over. Messages are decrypted here and shown like any push.
import type { RelayedPush } from 'assent/contract';
import { Refusal } from '../api/approver-client.ts';
import { decodeBase64url } from '../api/base64url.ts';
import { openEventStream } from '../api/event-stream.ts';
import { decryptPush } from '../api/rfc8291.ts';
import { relayedPushSchema } from '../wire/contract.ts';
import { parseAs } from '../wire/schema.ts';
import { onOwnOrigin, type Relay } from './relay-subscription.ts';
import { readPushMessage, showPush } from './shown-push.ts';

const LEADER_LOCK = 'assent.relay';

export interface RelayListenerOptions {
  relay: Relay;
  registration: ServiceWorkerRegistration;
  /** The relay does not know the subscription any more. */
  onGone(): void;
}

/** Waits for its turn, then listens until it is stopped. */
export function listenToRelay(options: RelayListenerOptions): { stop(): void } {
  const stopping = new AbortController();
  const { signal } = stopping;
  navigator.locks
    .request(LEADER_LOCK, { signal }, () => follow(options, signal))
    // Stopped before it was this tab's turn.
    .catch((reason: unknown) => {
      if (!signal.aborted) throw reason;
    });
  return { stop: () => stopping.abort() };
}

/** Resolves when it was stopped or has nothing to listen to any more; both give the lock to the next tab. */
function follow({ relay, registration, onGone }: RelayListenerOptions, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stream = openEventStream({
      async connect(lastEventId, connection) {
        const response = await fetch(onOwnOrigin(relay.subscription), {
          headers: {
            accept: 'text/event-stream',
            ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          },
          cache: 'no-store',
          credentials: 'omit',
          signal: connection,
        });
        if (response.ok) return response;
        throw new Refusal('relay_refused', response.status, `The relay answered ${response.status}.`);
      },
      onEvent: ({ name, text }) => {
        if (name !== 'push') return;
        // One that could not be shown or acknowledged comes again with the next connection.
        receive(JSON.parse(text), { relay, registration }).catch(() => undefined);
      },
      onConnected: () => undefined,
      onFailed(reason) {
        if (!(reason instanceof Refusal) || ![404, 410].includes(reason.status)) return 'retry';
        onGone();
        resolve();
        return 'stop';
      },
    });
    signal.addEventListener('abort', () => {
      stream.close();
      resolve();
    });
  });
}

async function receive(
  event: unknown,
  { relay, registration }: Pick<RelayListenerOptions, 'relay' | 'registration'>,
): Promise<void> {
  const pushed: RelayedPush = parseAs(relayedPushSchema, event);
  const message = readPushMessage(await decrypt(relay, pushed.body));
  if (message !== undefined) await showPush(registration, message, { mustShow: false });
  // RFC 8030 §6.2. One that could not be read would not get better by coming again.
  await fetch(onOwnOrigin(pushed.message), { method: 'DELETE', credentials: 'omit' });
}

async function decrypt({ keys }: Relay, body: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await decryptPush(keys, new Uint8Array(decodeBase64url(body))));
  } catch {
    return undefined;
  }
}
