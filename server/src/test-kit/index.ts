// What both test frameworks wrap.
export type { ExpectedDetail, ExpectedDetails, ExpectedRequest } from './differences.ts';
export { type ApprovalMatchers, approvalMatchers } from './matchers.ts';
export { ReceivedApproval } from './received-approval.ts';
export { type NextApprovalOptions, ReceivedApprovals } from './received-approvals.ts';
export { measureRemainingMs } from './remaining-time.ts';
export { type Lease, type ServerOptions, Servers } from './servers.ts';
export { formatStory, STORY_EXTENSION, writeStory } from './story.ts';
