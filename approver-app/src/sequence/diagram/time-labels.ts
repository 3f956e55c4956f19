// The column of times: the first one whole, those after it as far as they differ. Pure.
import { timeWithMilliseconds } from '../../desk/trace-time.ts';

interface Parts {
  hour: string;
  minute: string;
  second: string;
  fraction: string;
}

const formatter = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

function partsOf(at: string): Parts {
  const parts = Object.fromEntries(
    formatter.formatToParts(new Date(at)).map(({ type, value }) => [type, value]),
  );
  return {
    hour: parts['hour'] ?? '',
    minute: parts['minute'] ?? '',
    second: parts['second'] ?? '',
    fraction: parts['fractionalSecond'] ?? '',
  };
}

/** `.231` in the same second, `14.022` in the same minute, else the whole time. */
export function timeAfter(at: string, before: string | undefined): string {
  if (before === undefined || Math.abs(Date.parse(at) - Date.parse(before)) >= 60_000)
    return timeWithMilliseconds(at);
  const [now, then] = [partsOf(at), partsOf(before)];
  if (now.hour !== then.hour || now.minute !== then.minute)
    return `${now.minute}:${now.second}.${now.fraction}`;
  return now.second === then.second ? `.${now.fraction}` : `${now.second}.${now.fraction}`;
}
