// A typed client for the control API, over http or https with the local authority. Used by the command line and by tests.
import type { ApprovalView, DecisionResult, Health, TraceEvent } from './contract/index.ts';

export interface WaitOptions {
  user_id?: string;
  client_id?: string;
  /** Id or short name of the last request already seen. */
  after?: string;
  /** Seconds to wait at most. Default 30. */
  timeout?: number;
}

export interface ControlClient {
  health(): Promise<Health>;
  requests(query?: {
    state?: string;
    user_id?: string;
    client_id?: string;
    limit?: number;
  }): Promise<ApprovalView[]>;
  /** `ref`: id, short name, auth_req_id or `latest`. */
  request(ref: string): Promise<ApprovalView>;
  /** Undefined when none came in time. */
  nextApproval(options?: WaitOptions): Promise<ApprovalView | undefined>;
  approve(ref: string): Promise<DecisionResult>;
  deny(ref: string, reason?: string): Promise<DecisionResult>;
  expire(ref: string): Promise<ApprovalView>;
  trace(ref: string): Promise<TraceEvent[]>;
  /** Live events, first the ones after `afterNumber`. Ends when `signal` aborts or the server stops. */
  events(options?: { afterNumber?: number; signal?: AbortSignal }): AsyncIterable<TraceEvent>;
}

export declare function createControlClient(options: { url: string; ca?: string }): ControlClient;
