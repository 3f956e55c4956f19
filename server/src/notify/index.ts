// What the rest of the server may use to tell approvers.
export { Outbox, type Watcher } from './outbox.ts';
