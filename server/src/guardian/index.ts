// What the rest of the server may use of the Guardian protocol.
export { barcodeUri } from './barcode-uri.ts';
export { grantHash, passkeyRequired } from './browser-answer.ts';
export { readGrant } from './granted-answer.ts';
export { createGuardian } from './guardian.ts';
export { writePayload } from './push-payload.ts';
export { Readings } from './readings.ts';
export { Transactions } from './transactions.ts';
