// What every step in the life of a request needs: the decision, the end, the redemption. Made once by the approvals, which own it.
import type { Clock } from '../clock.ts';
import type { Collection } from '../store.ts';
import type { Approval } from './approval.ts';
import type { ApprovalPorts } from './approvals-ports.ts';
import type { ExpiryAlarms } from './expiry-alarms.ts';
import type { LateWrites } from './late-writes.ts';

export interface StepParts {
  approvals: Collection<Approval>;
  clock: Clock;
  alarms: ExpiryAlarms;
  late: LateWrites;
  record: ApprovalPorts['record'];
  /** Resolves once everybody here has been told of the change. */
  tell(approval: Approval): Promise<void>;
  /** A name that no other attempt to write has, here or elsewhere: by it whoever tried recognises what was written late. */
  nameAttempt(): string;
  /** That this instance has written it. */
  asMine(): Pick<Approval, 'instance'>;
}
