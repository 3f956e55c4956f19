// Runs in the pages that are measured; class-load.ts puts it there.

/** When each request had been painted, by its code: milliseconds since the epoch. A promise until then. */
const paintings = new Map();

/**
 * Looks out for a request from now on.
 *
 * @param {string} code of a request
 * @param {number} patienceMs
 */
globalThis.lookOut = (code, patienceMs) => {
  const painting = Promise.withResolvers();
  paintings.set(code, painting.promise);
  // Told to whoever asks.
  painting.promise.catch(() => undefined);
  const isThere = () =>
    [...document.querySelectorAll('.pill-code')].some(({ textContent }) => textContent === code);
  const tired = setTimeout(() => painting.reject(new Error(`${code} never came.`)), patienceMs);
  const look = () => {
    if (!isThere()) return;
    observer.disconnect();
    clearTimeout(tired);
    // The frame that begins next shows it; what is asked for in that frame runs once it was drawn.
    requestAnimationFrame(() => setTimeout(() => painting.resolve(Date.now())));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true });
  look();
};

/**
 * @param {string} code of a request that is looked out for
 * @returns {Promise<number>} milliseconds since the epoch at which it had been painted
 */
globalThis.whenPainted = (code) => paintings.get(code);

/** Counts frames until `stopFrames()`, which answers what was seen. */
globalThis.startFrames = () => {
  const intervals = [];
  const longFrames = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longFrames.push(duration);
  });
  observer.observe({ type: 'long-animation-frame' });
  let last;
  let handle = requestAnimationFrame(function next(now) {
    if (last !== undefined) intervals.push(now - last);
    last = now;
    handle = requestAnimationFrame(next);
  });
  globalThis.stopFrames = () => {
    cancelAnimationFrame(handle);
    observer.disconnect();
    return { intervals, longFrames };
  };
};

/**
 * Scrolls as a wheel does, a little with each frame.
 *
 * @param {string} selector of what scrolls
 * @param {number} frames
 * @param {number} pixels with each frame; below zero for upwards
 */
globalThis.scrollSmoothly = (selector, frames, pixels) =>
  new Promise((resolve) => {
    const pane = document.querySelector(selector);
    const next = (left) => {
      pane.scrollTop += pixels;
      if (left === 0) resolve();
      else requestAnimationFrame(() => next(left - 1));
    };
    next(frames);
  });
