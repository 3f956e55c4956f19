// What the rest of the server may use of the instances that serve one tenant together.
export { Instances } from './instances.ts';
export { MEMBERS } from './members.ts';
export { foundingMark, REVISIONS } from './revision.ts';
