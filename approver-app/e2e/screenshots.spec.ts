// Pictures of every screen, to be laid beside the design. Not a test of anything; run with `--project screenshots`.
import { tour } from './tour.ts';
import { test } from './world.ts';

const VIEWS = [
  { name: 'light', width: 390, height: 844, scheme: 'light' },
  { name: 'dark', width: 390, height: 844, scheme: 'dark' },
  { name: '320', width: 320, height: 568, scheme: 'light' },
  { name: '320-dark', width: 320, height: 568, scheme: 'dark' },
  { name: 'desktop', width: 1280, height: 800, scheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 800, scheme: 'dark' },
] as const;

for (const stop of tour) {
  test.describe(() => {
    if (stop.config !== undefined) test.use({ config: stop.config });

    test(stop.name, async ({ app, agent, assent }) => {
      await stop.show({ app, agent, assent });
      const { page } = app;
      const shoot = (name: string) =>
        page.screenshot({ path: `screenshots/${stop.name}-${name}.png`, animations: 'disabled' });
      for (const { name, width, height, scheme } of VIEWS) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: scheme });
        await shoot(name);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
      });
      await shoot('text200');
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '';
        document.documentElement.dir = 'rtl';
      });
      await shoot('rtl');
    });
  });
}
