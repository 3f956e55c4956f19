// Scopes that this server knows beside those of APIs, and what each tells about a person. OpenID Connect Core §5.4 and §11.
export const STANDARD_SCOPES = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'] as const;

/** Claims by scope, OpenID Connect Core §5.4. */
export const CLAIMS_BY_SCOPE = {
  openid: ['sub'],
  profile: ['name', 'nickname', 'given_name', 'family_name', 'picture', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number'],
} as const;
