// What the rest of the server may use to tell approvers.
export { Outbox } from './outbox.ts';
