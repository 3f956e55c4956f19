// Holds an answer back that is being written, whoever writes it, until it is complete; then it is let out, whole or in part.
// Only for requests that a fault has met or that are stepped through, so that all others are written as ever.
import type { ServerResponse } from 'node:http';

export interface HeldAnswer {
  /** Resolves once all of it has been written. Never, where the connection ends before. */
  readonly complete: Promise<void>;
  /** What has been written of its body. */
  text(): string;
  /** Sends it. */
  release(): void;
  /** Sends its headers and half of its body, as if there were more, and ends the connection. */
  cutOff(): void;
}

export function holdAnswer(response: ServerResponse): HeldAnswer {
  const { write, end } = response;
  const chunks: Buffer[] = [];
  const { promise: complete, resolve: finish } = Promise.withResolvers<void>();
  const keep = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === 'string') {
      chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    } else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  let hasEnded = false;
  const restore = (): void => {
    response.write = write;
    response.end = end;
  };
  response.write = ((chunk: unknown, encoding: unknown, callback: unknown) => {
    keep(chunk, encoding);
    // A stream of events has no end to wait for: what it has begun with is its answer.
    if (String(response.getHeader('content-type')).startsWith('text/event-stream')) finish();
    for (const done of [encoding, callback])
      if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  }) as typeof response.write;
  response.end = ((chunk: unknown, encoding: unknown) => {
    keep(chunk, encoding);
    hasEnded = true;
    finish();
    return response;
  }) as typeof response.end;
  return {
    complete,
    text: () => Buffer.concat(chunks).toString('utf8'),
    release() {
      restore();
      if (hasEnded) response.end(Buffer.concat(chunks));
      else response.write(Buffer.concat(chunks));
    },
    cutOff() {
      restore();
      const body = Buffer.concat(chunks);
      if (!response.headersSent) {
        // Announced in full, so that whoever reads knows that something is missing. RFC 9112 §6.3.
        response.setHeader('Content-Length', Math.max(body.length, 1));
        response.removeHeader('Transfer-Encoding');
      }
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    },
  };
}
