// What the rest of the server may use of the story.
export { EventLog } from './event-log.ts';
