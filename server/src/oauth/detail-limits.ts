// How much a client may ask for in `authorization_details`: in each profile as much as a person can read and a token can carry.

export interface DetailLimits {
  readonly objects: number;
  /** Of one object. */
  readonly properties: number;
  /** Levels of objects and lists. */
  readonly depth: number;
  /** Of all objects together. */
  readonly bytes: number;
  /** Characters of one text. */
  readonly text: number;
  /** What a member may be called. */
  readonly name: RegExp;
  readonly nameRule: string;
}

/** auth0: Configure Rich Authorization Requests, limits. */
export const AUTH0_DETAIL_LIMITS: DetailLimits = {
  objects: 5,
  properties: 10,
  depth: 5,
  bytes: 5_120,
  text: 255,
  name: /^[a-zA-Z0-9_.-]{1,255}$/,
  nameRule: 'names are letters, digits, "_", "." and "-"',
};

/** RFC 9396 sets none. These keep a token below what servers take in a header, and a question readable. */
export const STANDARD_DETAIL_LIMITS: DetailLimits = {
  objects: 20,
  properties: 50,
  depth: 10,
  bytes: 16_384,
  text: 2_048,
  name: /^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u,
  nameRule: 'names have 1 to 255 characters that can be seen',
};
