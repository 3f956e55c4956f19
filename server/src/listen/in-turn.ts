// Requests that come one behind the other on a connection, before the first is answered (RFC 9112 §9.3.2). Answers go out in that
// order, so Node keeps those of all others in memory. Here each is begun when the one before it has been taken, and what is behind a
// few that wait is not read: a connection on which nobody reads costs one answer, and so much as those few bring along. Node stops
// reading for the sake of answers alone, which those that wait do not have. Made by `listen`, for each of its listeners.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/**
 * On one connection. What was read along with the last of them waits as well; each may bring so much of headers and of a body as Node
 * keeps.
 */
const MOST_WAITING = 10;

interface Turn {
  /** Begins the request behind it. */
  goOn?: () => void;
}

interface Line {
  last: Turn;
  waiting: number;
  isRead: boolean;
}

export class Turns {
  readonly #lines = new WeakMap<object, Line>();
  readonly #onTaken: () => void;

  /** @param onTaken called whenever an answer is over, whether it was taken or its connection broke */
  constructor(onTaken: () => void) {
    this.#onTaken = onTaken;
  }

  /** Whether an answer is still on its way there. */
  isUnderWay(socket: object): boolean {
    return this.#lines.has(socket);
  }

  oneAtATime(listener: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      const turn: Turn = {};
      const line = this.#lines.get(socket);
      // One listener for all that is to be done: Node warns of more than ten, and what answers has some of its own.
      response.once('close', () => {
        if (this.#lines.get(socket)?.last === turn) this.#lines.delete(socket);
        turn.goOn?.();
        this.#onTaken();
      });
      if (line === undefined) {
        this.#lines.set(socket, { last: turn, waiting: 0, isRead: true });
        return listener(request, response);
      }
      // Not as a part of the request before it, in whose `close` it begins.
      line.last.goOn = AsyncLocalStorage.bind(() => {
        line.waiting -= 1;
        if (line.waiting < MOST_WAITING) readOn(line, socket);
        // Nobody is there any more, or has been told that this was the last answer: RFC 9112 §9.6.
        if (socket.writable) listener(request, response);
      });
      line.last = turn;
      line.waiting += 1;
      // Behind each request Node reads on, so it is told afterwards, and each time.
      if (line.waiting >= MOST_WAITING) process.nextTick(stopReading, line, socket);
    };
  }
}

function stopReading(line: Line, socket: Socket): void {
  if (line.waiting < MOST_WAITING) return;
  line.isRead = false;
  socket.pause();
}

/** Node itself stays with what it has paused for the sake of answers. */
function readOn(line: Line, socket: Socket): void {
  if (line.isRead) return;
  line.isRead = true;
  socket.resume();
}
