// The whole push service that Assent brings along, ready to be mounted: `answer` for HTTP requests, `upgrade` for
// WebSockets, and on demand a port of its own for the imitation of Google's.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock, createSystemClock } from '../../clock.ts';
import type { Ids } from '../../ids.ts';
import type { Store } from '../../store.ts';
import { Autopush } from './autopush.ts';
import { FcmDoor } from './fcm-door.ts';
import { PushFaults } from './push-faults.ts';
import { PushRoutes } from './push-routes.ts';
import { type PushNeighbours, PushService } from './push-service.ts';

export interface EmbeddedPushOptions {
  store: Store;
  /** Time of waiting messages. Senders' tokens are judged by the computer's clock, by which they are made. */
  clock: Clock;
  /** Time of connections, and what browsers are told it is. Default: the same. */
  connectionClock?: Clock;
  ids: Ids;
  /** The instances that serve the same browsers. Default: none. */
  neighbours?: PushNeighbours;
  /** Where `answer` and `upgrade` are reached, without a slash at the end: part of every endpoint. */
  origin: string;
  /** For Chromium with switches, once somebody asks for it. Undefined: there is no TLS, which Chromium insists on. */
  fcm?: { certificate: { cert: string; key: string }; host: string } | undefined;
  /** Told that a browser has taken a message. */
  onReceived?: (sendToken: string, topic: string) => void;
  /** Told of what went wrong on this side. */
  onUnexpected: (error: unknown) => void;
}

export interface EmbeddedPush {
  /** Plans what goes wrong with the next messages to an endpoint. */
  readonly faults: PushFaults;
  /** Switches for Chromium; undefined until `openForChromium`. */
  readonly chromiumSwitches: readonly string[] | undefined;
  /** Imitates Google's push from now on, also after a restart on the same store. Undefined without TLS. */
  openForChromium(): Promise<readonly string[] | undefined>;
  /** True if the request was for the push service, which answers it. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  /** True if the upgrade was for the push service, which takes the connection over. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends every connection; leaves no timer, socket or listener. What is in the store stays. */
  close(): Promise<void>;
}

const AUTOPUSH_PATH = '/push/autopush';

export async function startEmbeddedPush(options: EmbeddedPushOptions): Promise<EmbeddedPush> {
  const { store, clock, connectionClock = clock, ids, origin, onUnexpected } = options;
  const faults = new PushFaults();
  const tokenClock = createSystemClock();
  const service = new PushService({
    store,
    clock,
    ids,
    faults,
    origin,
    neighbours: options.neighbours,
    tokenClock,
    ...(options.onReceived === undefined ? {} : { onReceived: options.onReceived }),
    onUnexpected,
  });
  const fcm =
    options.fcm && new FcmDoor({ service, store, clock: connectionClock, ids, origin, ...options.fcm });
  await fcm?.reopen();
  const autopush = new Autopush({ service, store, ids, onUnexpected });
  const routes = new PushRoutes({
    service,
    clock: connectionClock,
    ids,
    origin,
    fcm: () => fcm?.imitation,
    onUnexpected,
  });
  return {
    faults,
    get chromiumSwitches() {
      return fcm?.imitation?.switches;
    },
    openForChromium: async () => (await fcm?.open())?.switches,
    answer: (request, response) => routes.answer(request, response),
    upgrade(request, socket, head) {
      if (request.url?.split('?')[0] !== AUTOPUSH_PATH) return false;
      autopush.upgrade(request, socket, head);
      return true;
    },
    async close() {
      routes.close();
      await Promise.all([autopush.close(), fcm?.close()]);
      service.close();
    },
  };
}
