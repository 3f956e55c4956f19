// docs/reference/time-outs.md: how long programs wait, as step mode reckons with it.
import { holdLimitMs, PATIENCE } from '../../src/stepping/patience.ts';

export function writeTimeOutsPage(): string {
  return [
    '# Time-outs',
    '',
    'For whoever holds an exchange by [step mode](../step-mode.md): how long those on the other side wait for an answer unless they',
    'were told otherwise, and when what is held for them goes on by itself. Programs are known by their `Auth0-Client` header, else',
    'by `User-Agent`. Of any other program 30 seconds are taken for granted.',
    '',
    '| Program | waits | held for at most | where that is said |',
    '| --- | --- | --- | --- |',
    ...PATIENCE.map(({ program, seconds, source }) => {
      const patience = seconds === undefined ? {} : { gives_up_after_ms: seconds * 1000 };
      const limitMs = holdLimitMs({ program, is_known: true, ...patience });
      const waits = seconds === undefined ? 'for ever' : `${seconds} s`;
      const held = limitMs === undefined ? 'as long as you like' : `${limitMs / 1000} s`;
      return `| ${program} | ${waits} | ${held} | ${source} |`;
    }),
  ].join('\n');
}
