// What the rest of the server may use of exchanges.
export { describeCall } from './described-call.ts';
export { Exchanges } from './exchanges.ts';
export { readAnswer, readToken, redactBody } from './redaction.ts';
