import { expect, test } from 'vitest';
import { createManualClock } from './clock.ts';
import { Room } from './store.ts';

/** A room of ten, and what is in it. */
function open() {
  const clock = createManualClock(0);
  const kept: Array<{ id: string; version: number; value: unknown }> = [];
  let counts = 0;
  const list = async () => {
    counts += 1;
    return [...kept];
  };
  const room = new Room({ list }, clock, 10);
  const put = async () => {
    const isIn = await room.take();
    if (isIn) kept.push({ id: String(kept.length), version: 1, value: {} });
    return isIn;
  };
  const fill = async () => {
    let taken = 0;
    while (await put()) taken += 1;
    return taken;
  };
  return { clock, fill, kept, put, room, counts: () => counts };
}

test('a room takes as many as there is room for, and one more for each that is given back', async () => {
  const { fill, kept, room } = open();
  expect(await fill()).toBe(10);
  for (let times = 0; times < 3; times += 1) {
    kept.pop();
    room.giveBack();
  }
  expect(await fill()).toBe(3);
});

test('those who come one after another and end at once never fill a room', async () => {
  const { kept, put, room } = open();
  for (let times = 0; times < 50; times += 1) {
    expect(await put()).toBe(true);
    kept.pop();
    room.giveBack();
  }
});

test('a room that is full is counted again once in a minute, however many are refused', async () => {
  const { clock, counts, fill, kept, put } = open();
  expect(await fill()).toBe(10);
  // One look before the first of them, and one where they had all been taken since.
  expect(counts()).toBe(2);
  kept.length = 4;
  expect([await put(), await put(), counts()]).toEqual([false, false, 2]);
  clock.advance(60_000);
  expect(await fill()).toBe(6);
});

test('where as many were taken as half a room, those that ended in another process are noticed at once', async () => {
  const { kept, put } = open();
  for (let times = 0; times < 50; times += 1) {
    expect(await put()).toBe(true);
    kept.pop();
  }
});
