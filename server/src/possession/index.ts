// What the rest of the server may use of proofs of possession.
export { certificateOf } from './certificate.ts';
export {
  DPOP_ALGORITHMS,
  DPOP_WINDOW_SECONDS,
  type DpopProof,
  readDpopProof,
} from './dpop-proof.ts';
export { DpopNonces } from './nonces.ts';
export {
  findWhyNotHeld,
  type NotHeld,
  type PossessionRules,
  type Presented,
  proofIdOf,
  type TokenScheme,
} from './possession.ts';
export { createSpentProofs } from './spent-proofs.ts';
