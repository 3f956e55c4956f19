// Published as `assent/resource-server`: what an API does with the token of an approval. Knows jose and the wire shapes
// only, so that it works against Assent and against the service it stands in for alike.
export { type AuthorizationSource, type BearerCredentials, readBearerToken } from './bearer-header.ts';
export {
  type BearerErrorCode,
  type BearerRefusal,
  challengeOf,
  type RefusalBody,
  refusalBody,
} from './bearer-refusal.ts';
export {
  type CallReporter,
  type CallReporterOptions,
  createCallReporter,
  type JudgedCall,
} from './call-report.ts';
export { type DetailDifference, describeDifference, findDetailDifferences } from './detail-differences.ts';
export { type DetailMatcherOptions, matchDetail, type StandardSchema } from './detail-matcher.ts';
export {
  type NodeGate,
  type NodeLikeRequest,
  type NodeLikeResponse,
  requireTokenInExpress,
} from './express.ts';
export {
  type FastifyGate,
  type FastifyLikeReply,
  type FastifyLikeRequest,
  requireTokenInFastify,
} from './fastify.ts';
export { type GuardedRoute, requireTokenInFetch } from './fetch.ts';
export type { GateOptions, Requirements } from './gate.ts';
export { createIssuerClock } from './issuer-clock.ts';
export { KeySetUnavailable } from './key-set.ts';
export { type KoaLikeContext, requireTokenInKoa } from './koa.ts';
export type { PresentedCall } from './presented-call.ts';
export { createSpentTokens, type SpentTokens } from './spent-tokens.ts';
export {
  createTokenVerifier,
  type DetailsMatcher,
  type TokenRequirements,
  type TokenVerifier,
  type TokenVerifierOptions,
  type Verification,
} from './token-verifier.ts';
export type { Verdict } from './verdict.ts';
export type { TokenDialect, VerifiedToken } from './verified-token.ts';
