// A class for a test, whose folder is shared by all classes of the file: certificates are made once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { type ClassOptions, type RunningClass, startClass } from '../../src/classroom/classroom.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { Browser, type Visit } from '../browser.ts';

export interface ClassWorld {
  /** A folder for this file, removed at its end. */
  readonly folder: string;
  start(options?: Partial<ClassOptions>): Promise<RunningClass>;
}

/** Call it once in a test file. Closes every class that a test started. */
export async function useClasses(): Promise<ClassWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-class-test-'));
  const running: RunningClass[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.close()));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    folder,
    async start(options = {}) {
      const started = await startClass({
        places: 3,
        config: unlimitedBank(),
        dataFolder: join(folder, 'shared'),
        ...options,
      });
      running.push(started);
      return started;
    },
  };
}

export class Student {
  readonly browser: Browser;
  readonly #running: RunningClass;

  constructor(running: RunningClass) {
    this.#running = running;
    this.browser = new Browser({ ca: running.ca });
  }

  open(path: string): Promise<Visit> {
    return this.browser.open(this.#running.url + path);
  }

  /** What the page after joining says. */
  async join(name: string): Promise<Visit> {
    return (await this.open('/')).press('Take a place', { name });
  }
}

/** The agent of a place. */
export function agentAt(running: RunningClass, number: number): Agent {
  const place = running.places[number - 1];
  if (!place) throw new Error(`there is no place ${number}`);
  return new Agent(place.assent);
}
