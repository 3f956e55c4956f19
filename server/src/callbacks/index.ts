// What the rest of the server may use to call clients back.
export { type CallbackFault, Callbacks } from './callbacks.ts';
