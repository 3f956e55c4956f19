// What fails on purpose, and where that is asked.
export { meetFaults } from './edge.ts';
export { Faults } from './faults.ts';
export { InnerFaults } from './inside.ts';
