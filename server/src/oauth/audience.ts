// Auth0's `audience` is free text; oidc-provider wants a resource indicator that is an absolute URI (RFC 8707 §2).
// So the text travels inside a URN and is taken out again where the token is made.

const URN = 'urn:assent:audience:';

export function toResource(audience: string): string {
  return URN + encodeURIComponent(audience);
}

export function fromResource(resource: string): string {
  return resource.startsWith(URN) ? decodeURIComponent(resource.slice(URN.length)) : resource;
}
