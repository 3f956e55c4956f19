// Shapes that cross a process boundary. Depends on zod only.
export * from './approval.ts';
export * from './approver-api.ts';
export * from './control-api.ts';
export * from './email-config.ts';
export * from './mailbox.ts';
export * from './management.ts';
export * from './passkey.ts';
export * from './push.ts';
export * from './quick-answers.ts';
export * from './snapshot.ts';
export * from './tenant-apis.ts';
export * from './tenant-ciba.ts';
export * from './tenant-clients.ts';
export * from './tenant-config.ts';
export * from './tenant-log.ts';
export * from './tenant-people.ts';
export * from './trace-events.ts';
