// What is not as usual inside the server: the clock, faults, step mode, rules and the pace of answers.
import { z } from 'zod';
import { CONTROL_API } from '../../contract/index.ts';
import { formatDuration } from '../log-lines.ts';
import { showText } from '../output.ts';
import type { RunningServer } from '../running-server.ts';
import { type Finding, note, ok } from './finding.ts';

/** As much of GET /control/health as is judged here; a server of another version may say more, or less. */
const conditionSchema = z.looseObject({
  clock: z.looseObject({ now: z.string(), offset_ms: z.number() }).optional(),
  faults: z.array(z.looseObject({ id: z.string(), text: z.string() })).optional(),
  steps: z
    .looseObject({ break_points: z.array(z.string()), slow_ms: z.number(), held: z.number() })
    .optional(),
  rules: z.looseObject({ count: z.int() }).optional(),
  quick_answers: z.looseObject({ on: z.boolean(), interval: z.number(), held_poll: z.number() }).optional(),
});

export async function judgeCondition({ transport }: RunningServer): Promise<Finding[]> {
  const condition = await transport.call({ path: `${CONTROL_API}/health` }, conditionSchema);
  const { clock, faults, steps, rules, quick_answers: quick } = condition;
  return [
    ...(clock ? [judgeClock(clock)] : []),
    ...(faults ? [judgeFaults(faults)] : []),
    ...(steps && (steps.break_points.length > 0 || steps.slow_ms > 0) ? [describeSteps(steps)] : []),
    ...(rules && rules.count > 0
      ? [
          note('rules', `people answer by themselves: ${count(rules.count, 'rule')}`, [
            'assent rules   # lists them',
          ]),
        ]
      : []),
    ...(quick?.on
      ? [
          note(
            'pace',
            `not Auth0’s: polls every ${quick.interval} s${quick.held_poll > 0 ? `, which wait up to ${quick.held_poll} s` : ''}`,
          ),
        ]
      : []),
  ];
}

function judgeClock({ now, offset_ms: offsetMs }: { now: string; offset_ms: number }): Finding {
  if (offsetMs === 0) return ok('clock', 'the tenant goes by the time of the computer');
  const by = formatDuration(Math.abs(offsetMs) / 1000);
  // Somebody has moved it, so it is known to somebody; whoever does not know stumbles over every token.
  return note(
    'clock',
    `the clock of the tenant was put ${offsetMs > 0 ? 'forward' : 'back'} by ${by}; it says ${now}, and other programs judge tokens by the time of the computer`,
    ['assent reset   # begins everything anew, as a new start without --data does'],
    'clock_moved',
  );
}

function judgeFaults(faults: ReadonlyArray<{ id: string; text: string }>): Finding {
  if (faults.length === 0) return ok('faults', 'nothing fails on purpose');
  return note(
    'faults',
    `${count(faults.length, 'fault')} on purpose: ${faults.map(({ id, text }) => `${id} (${showText(text)})`).join('; ')}`,
    ['assent faults clear'],
    'fault_active',
  );
}

function describeSteps({
  break_points: arrows,
  slow_ms: slowMs,
  held,
}: {
  break_points: readonly string[];
  slow_ms: number;
  held: number;
}): Finding {
  const where = arrows.length === 0 ? '' : ` at ${arrows.map((arrow) => showText(arrow)).join(', ')}`;
  const how = slowMs === 0 ? '' : `${where === '' ? '' : ';'} every arrow waits ${slowMs} ms`;
  return note('steps', `agents are held on purpose${where}${how}; held now: ${held}`, [
    'assent step   # what is held',
    'assent step off',
  ]);
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
