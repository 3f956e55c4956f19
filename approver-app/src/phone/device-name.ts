// A first name for this browser, such as "Firefox on Android", which the person may change. Pure.

/** As the contract limits it. */
export const LONGEST_DEVICE_NAME = 80;

const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Firefox/', 'Firefox'],
  ['FxiOS/', 'Firefox'],
  ['CriOS/', 'Chrome'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;

const SYSTEMS = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['CrOS', 'ChromeOS'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'Mac'],
  ['Linux', 'Linux'],
] as const;

/** The order of the tables matters: most browsers also claim to be Chrome and Safari, most systems to be Linux. */
export function suggestDeviceName(userAgent: string): string {
  const find = (table: readonly (readonly [string, string])[], fallback: string): string =>
    table.find(([token]) => userAgent.includes(token))?.[1] ?? fallback;
  return `${find(BROWSERS, 'Browser')} on ${find(SYSTEMS, 'this device')}`;
}
