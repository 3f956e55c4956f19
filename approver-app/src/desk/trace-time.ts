// Instants of the trace as the pages of a developer tell them. Pure.

/** 12:04:36.251 in the reader's time zone. */
export function timeWithMilliseconds(instant: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(new Date(instant));
}
