// What the rest of the server may use of exchanges.
export { Exchanges } from './exchanges.ts';
export { readAnswer, readToken, redactBody, redactParameter } from './redaction.ts';
