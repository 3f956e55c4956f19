// oidc-provider dates and judges by the computer's clock and offers no seam. Whatever is compared with what it wrote must
// use the same clock; the tenant's, which a test may move, is for approvals, pacing and limits.

/** Seconds since the epoch, as the provider counts them. */
export function providerNowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
