// The package's entry. In one process: `await using assent = await startAssent()`.
import { copyJson } from './json-object.ts';
import { openAssent, type RunningAssent, type StartOptions } from './running-assent.ts';

export { type Clock, createManualClock, createSystemClock, type ManualClock } from './clock.ts';
export type { Snapshot } from './contract/index.ts';
export { type ControlClient, createControlClient, type WaitOptions } from './control-client.ts';
export { Problem, type ProblemCode } from './problem.ts';
export type { RunningAssent, StartOptions } from './running-assent.ts';
export { bankBeforeLab } from './tenant/bank-before-lab.ts';
export { bankTenant } from './tenant/bank-tenant.ts';
export type { ClientCertificate } from './tls/client-certificates.ts';

/**
 * Starts an authorization server, ready when this resolves.
 *
 * @throws Problem `config_invalid` with every mistake, `port_in_use`, `port_not_allowed`, `certificate_unusable`,
 *   `data_file_in_use`, `data_file_unusable`, `store_unavailable`, `store_unusable`, `signing_key_unusable`, or `usage` for an issuer, host, port or pace that is none
 * @example
 * await using assent = await startAssent();
 * const waiting = assent.control.nextApproval();
 */
export function startAssent(options: StartOptions = {}): Promise<RunningAssent> {
  const { onEvent } = options;
  // Whoever is told may do with an event what it likes: the story does not change by that.
  return openAssent(onEvent ? { ...options, onEvent: (event) => onEvent(copyJson(event)) } : options);
}
