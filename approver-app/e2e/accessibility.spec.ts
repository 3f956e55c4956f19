// Every screen of the tour: axe, no sideways scrolling, text at twice the size.
import AxeBuilder from '@axe-core/playwright';
import { tour } from './tour.ts';
import { expect, test } from './world.ts';

const VIEWS = [
  { width: 320, height: 568, colorScheme: 'light' },
  { width: 320, height: 568, colorScheme: 'dark' },
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 1280, height: 800, colorScheme: 'dark' },
] as const;

const TEXT = [{ fontSize: '' }, { fontSize: '200%' }, { fontSize: '200%', dir: 'rtl' }] as const;

for (const stop of tour) {
  test.describe(() => {
    if (stop.config !== undefined) test.use({ config: stop.config });

    test(`${stop.name}: axe finds nothing, and nothing is cut off`, async ({ app, agent, assent }) => {
      const { page } = app;
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await stop.show({ app, agent, assent });

      for (const { width, height, colorScheme } of VIEWS) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        // Nothing runs inside the frame of a message, and that includes axe.
        const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
        expect(violations, `axe at ${width} px, ${colorScheme}`).toEqual([]);
      }

      await page.setViewportSize({ width: 320, height: 568 });
      const root = page.locator('html');
      for (const text of TEXT) {
        await root.evaluate(
          (html: HTMLElement, { fontSize, dir = 'ltr' }: { fontSize: string; dir?: string }) => {
            html.style.fontSize = fontSize;
            html.dir = dir;
          },
          text,
        );
        expect(await root.evaluate(findOverflow), `wider than 320 px, ${JSON.stringify(text)}`).toEqual([]);
      }
    });
  });
}

/** Elements wider than the column they stand in. Runs in the page. */
function findOverflow(html: HTMLElement): string[] {
  return [...html.querySelectorAll<HTMLElement>('body *')]
    .filter(
      (element) => element.closest('.vh, svg') === null && getComputedStyle(element).clipPath === 'none',
    )
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < -1 || right > window.innerWidth + 1);
    })
    .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`);
}
