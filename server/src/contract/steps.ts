// Step mode under /control/steps: break points per kind of arrow, what is held at them, and letting it go. For a class that
// wants to see one arrow after the other; off by default, and never part of a tenant file.
import { z } from 'zod';

/** Kinds of arrows that can be held, in the order of the flow. */
export const STEP_ARROWS = [
  'request_received',
  'request_answered',
  'push_sent',
  'decision_received',
  'callback_sent',
  'poll_received',
  'token_response',
  'api_call',
] as const;
export const stepArrowSchema = z
  .enum(STEP_ARROWS)
  .describe(
    '`request_received`: it arrived and is not admitted yet. `request_answered`: the auth_req_id is about to go back. `push_sent`: nobody has been notified yet. `decision_received`: an answer arrived and does not count yet. `callback_sent`: a ping or a push is about to leave, and no token is made yet. `poll_received`: a poll arrived. `token_response`: the last answer is about to go back, tokens or a refusal; nothing is redeemed yet. `api_call`: a call to an API of this server arrived: `/userinfo`, or the bank of the lessons.',
  );
export type StepArrow = z.output<typeof stepArrowSchema>;

/** Longest pause of slow mode. In milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

const planMembers = {
  break_points: z.array(stepArrowSchema).describe('Where an exchange is held until it is let go.'),
  slow_ms: z
    .int()
    .min(0)
    .max(LONGEST_PAUSE_MS)
    .describe('Slow mode: every arrow waits that long, in milliseconds. 0: off.'),
  outlast: z
    .boolean()
    .describe(
      'Whether something may be held for longer than its caller waits. Else it goes on by itself shortly before the caller would give up.',
    ),
};
/** PUT /control/steps: all of it; what is left out is off. What no break point holds any more goes on. */
export const stepPlanSchema = z.strictObject({
  break_points: planMembers.break_points.default([]).transform((arrows) => [...new Set(arrows)]),
  slow_ms: planMembers.slow_ms.default(0),
  outlast: planMembers.outlast.default(false),
});
export type StepPlan = z.output<typeof stepPlanSchema>;
export type StepPlanInput = z.input<typeof stepPlanSchema>;

/** Who waits for the answer to an exchange, and for how long: see docs/step-mode.md. */
export const waitingProgramSchema = z.strictObject({
  program: z.string().describe('As it calls itself: `node-auth0 4.37.1`.'),
  is_known: z
    .boolean()
    .describe('Whether its time-out is known. Of any other program 30 seconds are taken for granted.'),
  gives_up_after_ms: z.int().optional().describe('Its time-out unless it was changed. Absent: it has none.'),
});
export type WaitingProgram = z.output<typeof waitingProgramSchema>;

/** What an event says of an exchange that is held. */
export const holdMembers = {
  hold: z.string().describe('Its id: `h1`.'),
  arrow: stepArrowSchema,
  approval: z.string().optional().describe('Approval id; absent where there is no request yet.'),
  name: z.string().optional().describe('Short name of the request.'),
  client_id: z.string().optional(),
  binding_message: z.string().optional(),
};
export const HOLD_REASONS = ['break_point', 'slow'] as const;
export const RELEASE_REASONS = [
  'next',
  'continue',
  'slow',
  'limit',
  'caller_left',
  'request_ended',
  'shutdown',
] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];
export const releaseReasonSchema = z
  .enum(RELEASE_REASONS)
  .describe(
    '`next`, `continue`: somebody let it go. `slow`: its pause is over. `limit`: its caller would have given up. `caller_left`: its caller has given up. `request_ended`: nobody need be notified any more. `shutdown`: the server stops, or begins anew.',
  );

/** One exchange that is held now. */
export const heldExchangeSchema = z.strictObject({
  id: holdMembers.hold,
  arrow: holdMembers.arrow,
  text: z.string().describe('In words: "a poll waits to be answered".'),
  approval: holdMembers.approval,
  name: holdMembers.name,
  client_id: holdMembers.client_id,
  binding_message: holdMembers.binding_message,
  because: z.enum(HOLD_REASONS),
  since: z.iso.datetime().describe('By the clock of the tenant.'),
  held_ms: z.int(),
  waits: waitingProgramSchema
    .optional()
    .describe('Absent where nobody waits: for a push, a callback, and an answer by a rule.'),
  gives_up_in_ms: z.int().optional().describe('When whoever waits gives up, as far as that is known.'),
  goes_on_in_ms: z.int().optional().describe('When it goes on by itself. Absent: not before it is let go.'),
});
export type HeldExchange = z.output<typeof heldExchangeSchema>;

/** GET /control/steps */
export const stepsSchema = z.strictObject({
  ...planMembers,
  held: z.array(heldExchangeSchema).describe('Oldest first.'),
});
export type Steps = z.output<typeof stepsSchema>;

/** POST /control/steps/next: lets one go, the oldest unless one is named. Answers what it was. */
export const stepNextSchema = z.strictObject({
  hold: z.string().optional().describe('Its id; default: the oldest.'),
});

/** POST /control/steps/continue: lets all of them go. Answers what is left. */
export const stepContinueSchema = z.strictObject({
  clear: z
    .boolean()
    .default(false)
    .describe(
      'Also turns break points and slow mode off. Else the next arrow at a break point is held again.',
    ),
});
export type StepContinueInput = z.input<typeof stepContinueSchema>;

/** In the health of the server. */
export const stepsHealthSchema = z.strictObject({
  ...planMembers,
  held: z.int().describe('How many exchanges are held right now.'),
});
