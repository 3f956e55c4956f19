// What becomes of the process of a command once its server is ready.
import { flushCompileCache } from 'node:module';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * What V8 may take for young objects, both halves together. It would double that to four times as much while there is a lot to do,
 * and keep it, and pages of that size in reserve beside it: 200 MB that save no time (decisions/0047).
 */
const MOST_FOR_YOUNG_BYTES = 32 * 1024 * 1024;
/** How many times as large it becomes when it grows. V8's default; 1 is not at all. */
const GROWTH = { goesOn: 2, isOver: 1 } as const;
/**
 * How much may be left behind among old objects, in per cent of what is alive, before all of them are looked through. What a server
 * remembers of the past is dropped in the order in which it came, so all of it has become old by then. V8 would wait for up to
 * three times as much as is alive, on a slow computer most: 80 to 180 MB that save no time (decisions/0047).
 */
const LEFT_BEHIND_PERCENT = 100;

export function settleProcess(): void {
  // What V8 made of the modules is otherwise written on exit, which a process that is killed does not come to.
  flushCompileCache();
  setFlagsFromString(`--heap-growing-percent=${LEFT_BEHIND_PERCENT}`);
  boundYoungObjects();
}

/** Looked at after each collection: V8 takes the room back when there is little to do, and may then give it again. */
function boundYoungObjects(): void {
  let growth: number = GROWTH.goesOn;
  new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    const isLarge = young !== undefined && young.space_size >= MOST_FOR_YOUNG_BYTES;
    const wanted = isLarge ? GROWTH.isOver : GROWTH.goesOn;
    if (wanted === growth) return;
    growth = wanted;
    setFlagsFromString(`--semi-space-growth-factor=${growth}`);
  }).observe({ entryTypes: ['gc'] });
}
