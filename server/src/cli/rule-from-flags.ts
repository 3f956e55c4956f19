// What somebody typed as a rule. Whether it is one, the server says; here is only what the words of the command line mean.
import { amountBoundSchema, type RuleInput } from '../contract/index.ts';
import { Problem } from '../problem.ts';

export interface RuleFlags {
  approve?: boolean;
  deny?: boolean;
  expire?: boolean;
  nothing?: boolean;
  reason?: string;
  /** As it was typed; who is meant is looked up by the caller. */
  user?: string;
  client?: string;
  audience?: string;
  scope?: string;
  message?: string;
  type?: string;
  upTo?: string;
  atLeast?: string;
  where?: readonly string[];
  afterPolls?: number;
  afterSeconds?: number;
  late?: boolean;
  once?: boolean;
  times?: number;
  probability?: number;
  id?: string;
}

const ANSWERS = ['approve', 'deny', 'expire', 'nothing'] as const;

/**
 * @param userId who `flags.user` is
 * @throws Problem `usage` where no answer or several were named, or a condition cannot be read
 */
export function ruleFromFlags(flags: RuleFlags, userId: string | undefined): RuleInput {
  const [answer, ...others] = ANSWERS.filter((one) => flags[one]);
  if (answer === undefined || others.length > 0) {
    const received =
      answer === undefined ? 'none' : [answer, ...others].map((one) => `--${one}`).join(' and ');
    throw new Problem(
      'usage',
      `Received ${received}, expected one of ${ANSWERS.map((one) => `--${one}`).join(', ')}.`,
      { hint: 'assent rules add --approve --up-to "50 EUR"' },
    );
  }
  if (flags.once && flags.times !== undefined) {
    throw new Problem('usage', `Received --once and --times ${flags.times}, expected one of them.`);
  }
  requireAmount('--up-to', flags.upTo);
  requireAmount('--at-least', flags.atLeast);
  const where = flags.where === undefined ? undefined : readConditions(flags.where);
  const rule: { [K in keyof RuleInput]?: RuleInput[K] | undefined } = {
    id: flags.id,
    answer,
    reason: flags.reason,
    user_id: userId,
    client_id: flags.client,
    audience: flags.audience,
    scope: flags.scope,
    binding_message: flags.message,
    type: flags.type,
    up_to: flags.upTo,
    at_least: flags.atLeast,
    where,
    after_polls: flags.afterPolls,
    after_seconds: flags.afterSeconds,
    late: flags.late,
    times: flags.once ? 1 : flags.times,
    probability: flags.probability,
  };
  return {
    answer,
    ...Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)),
  };
}

function requireAmount(option: string, text: string | undefined): void {
  if (text === undefined || amountBoundSchema.safeParse(text).success) return;
  throw new Problem('usage', `Received ${option} "${text}", expected an amount such as 50 or "50 EUR".`, {
    hint: 'assent rules add --approve --up-to "50 EUR"',
  });
}

type Condition = NonNullable<RuleInput['where']>[string];

const CONDITION = /^(?<pointer>\/[^=<>]*)(?:(?<sign><=|>=|=)(?<value>.*))?$/s;

function readConditions(texts: readonly string[]): Record<string, Condition> {
  const conditions = new Map<string, Condition>();
  for (const text of texts) {
    const { pointer, sign, value = '' } = CONDITION.exec(text)?.groups ?? {};
    const number = Number(value);
    const isBound = sign === '<=' || sign === '>=';
    if (pointer === undefined || (isBound && (value.trim() === '' || !Number.isFinite(number)))) {
      throw new Problem(
        'usage',
        `Received --where "${text}", expected a JSON Pointer and perhaps =, <= or >= with a value.`,
        { hint: 'assent rules add --deny --where "/to=Grace" --where "/amount>=100"' },
      );
    }
    const before = conditions.get(pointer) ?? {};
    if (sign === undefined) conditions.set(pointer, { ...before, exists: true });
    else if (sign === '=') conditions.set(pointer, orEquals(before, readValue(value)));
    else conditions.set(pointer, { ...before, [sign === '<=' ? 'at_most' : 'at_least']: number });
  }
  return Object.fromEntries(conditions);
}

function orEquals({ equals, one_of: oneOf, ...rest }: Condition, value: unknown): Condition {
  if (oneOf !== undefined) return { ...rest, one_of: [...oneOf, value] };
  return equals === undefined ? { ...rest, equals: value } : { ...rest, one_of: [equals, value] };
}

/** `42` and `true` are what JSON says that they are; what is no JSON is a text. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
