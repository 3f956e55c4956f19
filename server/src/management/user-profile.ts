// A person in the shape of Auth0's user profile. auth0: User Profile Structure.
import { DATABASE_CONNECTION, type UserConfig } from '../contract/index.ts';

/** Connections by their provider: what stands before the "|" of a user_id. auth0: Identify Users. */
const CONNECTION_OF: Readonly<Record<string, string>> = { auth0: DATABASE_CONNECTION };

export interface UserProfile {
  user_id: string;
  [member: string]: unknown;
}

/** @param startedAt what stands for the day on which somebody of the tenant file was made */
export function showUser(user: UserConfig, startedAt: string): UserProfile {
  const {
    unimitated,
    password: _password,
    user_code: _userCode,
    permissions: _permissions,
    roles: _roles,
    devices: _devices,
    connection,
    blocked,
    ...members
  } = user;
  const [provider = '', ...rest] = user.user_id.split('|');
  const createdAt = user.created_at ?? startedAt;
  return {
    ...unimitated,
    ...members,
    nickname: user.nickname ?? nicknameOf(user),
    picture: user.picture ?? initialsPicture(user.name),
    ...(user.email === undefined ? { email_verified: undefined } : {}),
    created_at: createdAt,
    updated_at: user.updated_at ?? createdAt,
    identities: [
      {
        connection: connection ?? CONNECTION_OF[provider] ?? provider,
        user_id: rest.join('|'),
        provider,
        isSocial: false,
      },
    ],
    // auth0: the member appears once somebody has been blocked.
    ...(blocked ? { blocked } : {}),
  };
}

/** auth0: without a nickname, what stands before the @. */
function nicknameOf({ email, name }: UserConfig): string {
  return (email ?? name).split('@')[0] ?? name;
}

/** Auth0 names an address of Gravatar here. This one asks nobody. */
function initialsPicture(name: string): string {
  const initials = name
    .split(/\s+/)
    .flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? [])
    .slice(0, 2)
    .join('')
    .toUpperCase();
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="#e3e9f8"/><text x="48" y="62" font-family="sans-serif" font-size="40" text-anchor="middle" fill="#1f3d99">${initials}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}
