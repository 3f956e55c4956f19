// Collections that are of the instances, not of the tenant: no snapshot has them.

/** Who serves the tenant. */
export const MEMBERS = 'instances';
/** How often something was written that all of them keep in memory. */
export const REVISIONS = 'revisions';
/** By which they are trusted. */
export const AUTHORITY = 'certificate-authority';

export const OF_THE_INSTANCES: readonly string[] = [MEMBERS, REVISIONS, AUTHORITY];
