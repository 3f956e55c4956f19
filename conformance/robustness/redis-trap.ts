// Stands between each instance and its Redis, passes everything on, and ends an instance at one of its writes: right before Redis
// sees it, or when Redis has done it and nobody has been told. Of the servers and of Redis nothing is replaced.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { RedisCommands } from './redis-commands.ts';
import type { Trap, TrapPlan } from './trap.ts';

/** How every write is made, and a few reads. */
const WRITES = new Set(['EVAL', 'EVALSHA']);
const DONE = 'the-write-is-done';

export class RedisTrap implements Trap, AsyncDisposable {
  readonly #doors: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #redisPort: number;
  /** Those that are being ended: nothing of them counts any more. */
  readonly #ending = new Set<number>();
  #kill: (instance: number) => Promise<void> = async () => undefined;
  #plan: TrapPlan | undefined;
  #isMarked = false;
  #writes = 0;

  private constructor(redisPort: number) {
    this.#redisPort = redisPort;
  }

  /** One way in for each instance. */
  static async open(redisPort: number, instances: number): Promise<RedisTrap> {
    const trap = new RedisTrap(redisPort);
    for (let instance = 0; instance < instances; instance += 1) {
      const door = createServer((socket) => trap.#passOn(socket, instance)).listen(0, '127.0.0.1');
      await once(door, 'listening');
      trap.#doors.push(door);
    }
    return trap;
  }

  urlFor(instance: number): string {
    const address = this.#doors[instance]?.address();
    if (typeof address !== 'object' || address === null) throw new Error(`no door for instance ${instance}`);
    return `redis://127.0.0.1:${address.port}`;
  }

  /** @param kill resolves once the instance is gone */
  use(kill: (instance: number) => Promise<void>): void {
    this.#kill = kill;
  }

  async arm(plan: TrapPlan): Promise<void> {
    this.#plan = plan;
    this.#isMarked = false;
    this.#writes = 0;
  }

  async disarm(): Promise<void> {
    this.#plan = undefined;
  }

  #passOn(socket: Socket, instance: number): void {
    const redis = connect(this.#redisPort, '127.0.0.1');
    this.#keep(socket, redis);
    this.#keep(redis, socket);
    const commands = new RedisCommands();
    let told = '';
    socket.on('data', (bytes: Buffer) => {
      for (const command of commands.read(bytes)) {
        if (this.#ending.has(instance)) return;
        const when = this.#whenDue(command.name, command.bytes);
        if (when === undefined) redis.write(command.bytes);
        else {
          this.#ending.add(instance);
          if (when === 'before') return this.#end(instance);
          redis.write(command.bytes);
          // Answered after the write, which is done by then.
          redis.write(`*2\r\n$4\r\nECHO\r\n$${DONE.length}\r\n${DONE}\r\n`);
        }
      }
    });
    redis.on('data', (bytes: Buffer) => {
      if (!this.#ending.has(instance)) {
        socket.write(bytes);
        return;
      }
      told = told.slice(-DONE.length) + bytes.toString('latin1');
      if (told.includes(DONE)) this.#end(instance);
    });
  }

  #end(instance: number): void {
    void this.#kill(instance).finally(() => this.#ending.delete(instance));
  }

  #whenDue(name: string, bytes: Buffer): TrapPlan['when'] | undefined {
    const plan = this.#plan;
    if (plan === undefined) return undefined;
    this.#isMarked ||= bytes.includes(plan.mark);
    if (!this.#isMarked || !WRITES.has(name)) return undefined;
    this.#writes += 1;
    if (this.#writes !== plan.step) return undefined;
    this.#plan = undefined;
    return plan.when;
  }

  #keep(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // That a connection breaks is what this is about.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#doors.map((door) => once(door, 'close'));
    for (const door of this.#doors) door.close();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }
}
