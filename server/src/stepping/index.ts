// One arrow after the other: what the rest of the server asks of step mode.
export { holdExchanges } from './edge.ts';
export { InnerSteps } from './inside.ts';
export { Stepping } from './stepping.ts';
export { SteppingTogether } from './stepping-together.ts';
