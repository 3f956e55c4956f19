// Where the events come from: the running server, or a file. The view reads both alike.
import type { TraceDocument, TraceEvent } from 'assent/contract';

export interface Story {
  events: readonly TraceEvent[];
  /** Raised when what was read before is about another story. */
  generation: number;
  /** Undefined while it is live. */
  file: { title: string; document: TraceDocument } | undefined;
  /** Of the server, or of the file: for the column of the authorization server. */
  tenant: string | undefined;
  issuer: string | undefined;
}
