// What the rest of the server may use to call somebody.
export { judgeDestination } from './destinations.ts';
export { Outbound } from './outbound.ts';
