// Chromium browsers that checked in. The pair of numbers that each was given is what proves later who it is.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Ids } from '../../ids.ts';
import { type Collection, Room, type Store } from '../../store.ts';

export interface FcmAgent {
  /** 63 bits, decimal. */
  androidId: string;
  /** 64 bits, decimal: the secret. */
  securityToken: string;
}

/** Anybody may check in. */
const MOST_AGENTS = 5_000;

export class FcmAgents {
  readonly #agents: Collection<FcmAgent>;
  readonly #room: Room;
  readonly #ids: Ids;

  constructor(store: Store, clock: Clock, ids: Ids) {
    this.#agents = store.collection<FcmAgent>('push-fcm-agents');
    this.#room = new Room(this.#agents, clock, MOST_AGENTS);
    this.#ids = ids;
  }

  /** The same numbers for a browser that can show them, new ones for every other. Undefined: there are too many. */
  async checkIn(androidId: string, securityToken: string): Promise<FcmAgent | undefined> {
    if (await this.authenticate(androidId, securityToken)) return { androidId, securityToken };
    if (!(await this.#room.take())) return undefined;
    const agent: FcmAgent = {
      // Chromium reads it as a signed number and takes zero for none.
      androidId: String((this.#makeNumber() >> 1n) | 1n),
      securityToken: String(this.#makeNumber() | 1n),
    };
    await this.#agents.insert(agent.androidId, agent);
    return agent;
  }

  /** The listener key of the browser; undefined for a stranger. */
  async authenticate(androidId: string, securityToken: string): Promise<string | undefined> {
    const agent = (await this.#agents.get(androidId))?.value;
    if (!agent || !timingSafeEqual(digest(agent.securityToken), digest(securityToken))) return undefined;
    return `fcm:${androidId}`;
  }

  #makeNumber(): bigint {
    return digest(this.#ids.make('', 32)).readBigUInt64LE();
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
