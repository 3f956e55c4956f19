// An answer without an application: while no world is there that could give one.
import type { ServerResponse } from 'node:http';
import { Problem } from '../problem.ts';
import { describeProblem } from './problem-responses.ts';

/** Asks the caller to come back. One whose answer has begun sees it break off. */
export function refuseUnready(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = new Problem('not_ready', 'The server begins anew, or stops.', {
    status: 503,
    hint: 'Ask again in a moment.',
  });
  response
    .writeHead(problem.status, {
      'content-type': 'application/problem+json',
      'retry-after': '1',
      // What is left of a body that nobody reads would be taken for the next request. RFC 9112 §9.3.
      connection: 'close',
    })
    .end(JSON.stringify(describeProblem(problem)));
}
