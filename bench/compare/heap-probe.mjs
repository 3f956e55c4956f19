// Loaded by a server before anything of its own, where its heap is watched: notes what is left each time that V8 has looked through
// all of it. Young objects, of which most are gone the next moment, do not count.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';

const file = join(process.env['HEAP_FOLDER'] ?? '', `heap-${process.pid}`);

new PerformanceObserver((list) => {
  if (!list.getEntries().some(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR)) return;
  const old = getHeapSpaceStatistics().filter(({ space_name: name }) => !name.startsWith('new_'));
  writeFileSync(file, String(old.reduce((sum, { space_used_size: bytes }) => sum + bytes, 0)));
}).observe({ entryTypes: ['gc'] });
