// What the rest of the server may use of the instances that serve one tenant together.
export { AUTHORITY, MEMBERS, OF_THE_INSTANCES, REVISIONS } from './collections.ts';
export { Instances } from './instances.ts';
export { foundingMark } from './revision.ts';
