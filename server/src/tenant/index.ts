// What the rest of the server may use of the tenant.
export { checkDetailType } from './check-detail-type.ts';
export { checkRule } from './check-rule.ts';
export { whyNotCiba } from './ciba-clients.ts';
export { removeClient } from './client-removal.ts';
export { formatTenantFile, mergeTenantFiles, toTenantFile } from './config-export.ts';
export type { ConfigurationDraft } from './configuration.ts';
export { type EnrolledDevice, type GuardianAccount, type PushServiceName, toDevice } from './devices.ts';
export type { Ticket } from './enrolment-tickets.ts';
export { findClientKeyMistake } from './key-checks.ts';
export { createMemoryStore } from './memory-store.ts';
export type { ShownRequest } from './passkeys.ts';
export { describeQuickAnswers } from './quick-answers.ts';
export { loadSigningKeys, SigningKeys } from './signing-keys.ts';
export {
  documentsAfterReset,
  documentsAfterRestore,
  keysOf,
  lastEventAfterRestore,
  requireFittingSnapshot,
  takeSnapshot,
} from './snapshot.ts';
export { storiesOf } from './stories.ts';
export { createTenant, type Tenant } from './tenant.ts';
