// What is held at the edge: a request and its answer, polls, and calls of an API that this server plays itself. One middleware in
// front of everything; where step mode is off it passes on at once, and only of polls it is known who waits: one may be waiting when
// step mode is turned on.
import type { Context, Middleware, Next } from 'koa';
import { holdAnswer } from '../answer-gate.ts';
import type { Approval } from '../approvals/index.ts';
import { clientOf, type ReadParameter } from '../claimed-client.ts';
import type { Clock } from '../clock.ts';
import { CIBA_GRANT_TYPE } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { describeCaller } from '../log-caller.ts';
import { callerOf } from './current-caller.ts';
import { waitingProgram } from './patience.ts';
import type { Occasion, Stepping } from './stepping.ts';

export interface EdgeParts {
  stepping: Stepping;
  /** Of the computer. */
  clock: Clock;
  /** What a protocol request asks; whoever reads it afterwards gets the same. */
  readParameters(ctx: Context): Promise<ReadParameter>;
  findByAuthReqId(authReqId: string): Promise<Approval | undefined>;
  /** Of the APIs that this server plays itself. */
  apiPaths: readonly string[];
}

const TOKEN_PATH = '/oauth/token';

export function holdExchanges(parts: EdgeParts): Middleware {
  const { stepping, clock, apiPaths } = parts;
  return (ctx, next) => {
    if (!stepping.isOn && ctx.path !== TOKEN_PATH) return next();
    const caller = callerOf(ctx.res, {
      arrivedAtMs: clock.now(),
      waits: waitingProgram(describeCaller(ctx)),
    });
    return stepping.currentCaller.run(caller, () => {
      if (!stepping.isOn) return next();
      switch (`${ctx.method} ${ctx.path}`) {
        case 'POST /bc-authorize':
          return holdRequest(ctx, next, parts);
        case `POST ${TOKEN_PATH}`:
          return holdPoll(ctx, next, parts);
        default:
          return ['GET', 'POST'].includes(ctx.method) && apiPaths.includes(ctx.path)
            ? holdBefore(ctx, next, stepping, { arrow: 'api_call' })
            : next();
      }
    });
  };
}

async function holdRequest(ctx: Context, next: Next, parts: EdgeParts): Promise<unknown> {
  const { stepping, readParameters, findByAuthReqId } = parts;
  const parameter = await readParameters(ctx);
  const asked = { clientId: clientOf(ctx, parameter), bindingMessage: parameter('binding_message') };
  return holdBefore(
    ctx,
    () => {
      const answer = holdAnswer(ctx.res);
      answer.complete
        .then(async () => {
          const authReqId = authReqIdIn(answer.text());
          const approval = authReqId === undefined ? undefined : await findByAuthReqId(authReqId);
          await stepping.hold({ arrow: 'request_answered', approval, ...asked });
          // Whoever has left cannot be told. When the server stops, what has happened is told all the same.
          answer.release();
        })
        .catch((error: unknown) => ctx.res.destroy(error instanceof Error ? error : undefined));
      return next();
    },
    stepping,
    { arrow: 'request_received', ...asked },
  );
}

async function holdPoll(ctx: Context, next: Next, parts: EdgeParts): Promise<unknown> {
  const { stepping, readParameters, findByAuthReqId } = parts;
  const parameter = await readParameters(ctx);
  if (parameter('grant_type') !== CIBA_GRANT_TYPE) return next();
  const authReqId = parameter('auth_req_id');
  const approval = authReqId === undefined ? undefined : await findByAuthReqId(authReqId);
  return holdBefore(ctx, next, stepping, {
    arrow: 'poll_received',
    approval,
    clientId: clientOf(ctx, parameter),
  });
}

function authReqIdIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const id = isJsonObject(body) ? body['auth_req_id'] : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    // An answer that is no JSON names no request.
    return undefined;
  }
}

/** Nothing has happened yet: whoever leaves, or is told that the server stops, has asked for nothing. */
async function holdBefore(
  ctx: Context,
  next: Next,
  stepping: Stepping,
  occasion: Occasion,
): Promise<unknown> {
  const holding = stepping.hold(occasion);
  if (!holding) return next();
  const why = await holding;
  if (ctx.res.closed) {
    ctx.respond = false;
    return undefined;
  }
  if (why !== 'shutdown') return next();
  // RFC 6749 §4.1.2.1 has the word; openid-client takes 503 with Retry-After as a reason to ask again.
  ctx.status = 503;
  ctx.set('Retry-After', '1');
  ctx.body = {
    error: 'temporarily_unavailable',
    error_description: 'The server stops, or begins anew. Nothing has happened; ask again in a moment.',
  };
  return undefined;
}
