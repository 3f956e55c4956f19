// Runs in the pages that are measured; class-load.ts puts it there.

/**
 * @param {string} code of a request
 * @param {number} patienceMs
 * @returns {Promise<number>} milliseconds since the epoch at which the request had been painted
 */
globalThis.whenShown = (code, patienceMs) =>
  new Promise((resolve, reject) => {
    const isThere = () =>
      [...document.querySelectorAll('.pill-code')].some(({ textContent }) => textContent === code);
    const tired = setTimeout(() => reject(new Error(`${code} never came.`)), patienceMs);
    const look = () => {
      if (!isThere()) return;
      observer.disconnect();
      clearTimeout(tired);
      // The frame that begins next shows it; what is asked for in that frame runs once it was drawn.
      requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, characterData: true });
    look();
  });
