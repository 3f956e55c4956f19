import { createMemoryStore } from './memory-store.ts';
import { describeStore } from './store.suite.ts';

describeStore('the store in memory', async (clock) => createMemoryStore(clock));
describeStore('the store in memory, most of it as JSON', async (clock) => createMemoryStore(clock, 1));
