// The teacher's overview: who sits where, how far they are, and putting one or all back to the start.
import type { RouterContext } from '@koa/router';
import { isOfThisComputer } from '../http/index.ts';
import { prefersPage, sendPage } from '../pages/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import { enterAsTeacher, isTeacher } from './access.ts';
import type { ClassroomParts } from './classroom-app.ts';
import { readForm } from './form.ts';
import type { PlaceServers } from './place-servers.ts';
import { type Progress, readProgress } from './progress.ts';
import type { Seat } from './seating.ts';
import {
  confirmPage,
  enterPage,
  invitePage,
  type PlaceCard,
  TEACHER_STYLE,
  teacherPage,
} from './teacher-pages.ts';
import { TEXTS } from './texts.ts';

/** Of a page that is loaded again because the teacher asked for that. */
const FOLLOW_SECONDS = 5;

export function teacherRoutes(parts: ClassroomParts): Route[] {
  const { seating, servers, owner, access, tell } = parts;
  const style = TEACHER_STYLE;
  const joinUrl = parts.networkUrl ?? parts.url;

  /** For the teacher alone; anybody else is asked for the token. */
  const forTeacher = (route: Route): Route => ({
    ...route,
    answer: (ctx) => {
      if (isTeacher(ctx, access)) return route.answer(ctx);
      if (!prefersPage(ctx))
        throw new Problem('control_token_invalid', 'Received a call for the teacher without the token.', {
          status: 401,
          hint: 'Send the header Authorization: Bearer TOKEN, with teacher_token of class-server.json in the data folder.',
        });
      sendPage(ctx, 401, { title: TEXTS.enter.title, owner, style, content: enterPage() });
    },
  });

  const confirm = (ctx: RouterContext, question: string, what: 'reset' | 'free'): void => {
    const lead = what === 'reset' ? TEXTS.confirm.resetLead : TEXTS.confirm.freeLead;
    const content = confirmPage({ question, lead, action: ctx.path, button: TEXTS.confirm.doIt[what] });
    sendPage(ctx, 200, { title: question, owner, style, content });
  };

  const routes: Route[] = [
    {
      method: 'GET',
      path: '/teacher',
      purpose: 'look after the class',
      answer: async (ctx) => {
        const isHere = isOfThisComputer(ctx.req.socket.remoteAddress);
        const places = await Promise.all(seating.seats.map((seat) => readCard(parts, seat, isHere)));
        if (!prefersPage(ctx)) {
          ctx.body = { join_url: joinUrl, places };
          return;
        }
        const isFollowing = ctx.query['follow'] === 'yes';
        if (isFollowing) ctx.set('Refresh', String(FOLLOW_SECONDS));
        const content = teacherPage({ places, joinUrl, isFollowing });
        sendPage(ctx, 200, { title: TEXTS.teacher.title, owner, style, content });
      },
    },
    {
      method: 'GET',
      path: '/teacher/reset',
      purpose: 'put every place back to the start, after a question',
      answer: (ctx) => confirm(ctx, TEXTS.confirm.resetAll(seating.seats.length), 'reset'),
    },
    {
      method: 'POST',
      path: '/teacher/reset',
      purpose: 'put every place back to the start',
      answer: async (ctx) => {
        await readForm(ctx);
        const failures: unknown[] = [];
        for (const { number, name } of seating.seats) {
          try {
            await servers.reset(number);
            if (name !== undefined) tell({ type: 'reset', number, name });
          } catch (failure) {
            // One that cannot be reset keeps no other from it.
            failures.push(failure);
          }
        }
        if (failures.length > 0) throw failures[0];
        backToOverview(ctx);
      },
    },
    {
      method: 'GET',
      path: '/teacher/places/:number/reset',
      purpose: 'put a place back to the start, after a question',
      answer: (ctx) => confirm(ctx, TEXTS.confirm.resetOne(nameOf(requireSeat(ctx, parts))), 'reset'),
    },
    {
      method: 'POST',
      path: '/teacher/places/:number/reset',
      purpose: 'put a place back to the start',
      answer: async (ctx) => {
        await readForm(ctx);
        const { number, name } = requireSeat(ctx, parts);
        await servers.reset(number);
        tell({ type: 'reset', number, name });
        backToOverview(ctx);
      },
    },
    {
      method: 'GET',
      path: '/teacher/places/:number/free',
      purpose: 'free a place, after a question',
      answer: (ctx) => confirm(ctx, TEXTS.confirm.freeOne(nameOf(requireSeat(ctx, parts))), 'free'),
    },
    {
      method: 'POST',
      path: '/teacher/places/:number/free',
      purpose: 'free a place for the next student',
      answer: async (ctx) => {
        await readForm(ctx);
        const seat = requireSeat(ctx, parts);
        const { name } = seat;
        // First the tenant: the next student must not find what the last one left.
        await servers.renew(seat.number);
        seating.free(seat);
        await parts.keep();
        tell({ type: 'freed', number: seat.number, name });
        backToOverview(ctx);
      },
    },
  ];

  return [
    ...routes.map(forTeacher),
    {
      method: 'GET',
      path: '/invite',
      purpose: 'show the way in on a projector',
      answer: (ctx) => {
        const scanned = parts.networkUrl?.replace(/^https:/, 'http:');
        const content = invitePage(joinUrl, scanned && `${scanned}/ca`);
        sendPage(ctx, 200, { title: TEXTS.join.title, owner, style, content });
      },
    },
    {
      method: 'POST',
      path: '/teacher/enter',
      purpose: 'show the token of the teacher',
      answer: async (ctx) => {
        const field = await readForm(ctx);
        if (access === undefined || enterAsTeacher(ctx, field('token'), access)) return backToOverview(ctx);
        const content = enterPage(TEXTS.enter.wrong);
        sendPage(ctx, 401, { title: TEXTS.enter.title, owner, style, content });
      },
    },
  ];
}

/** @param isHere the reader sits at the computer of the class, where no place asks for its control token */
async function readCard(
  { servers }: ClassroomParts,
  { number, name, browsers }: Seat,
  isHere: boolean,
): Promise<PlaceCard> {
  const address = servers.address(number);
  const progress = await readCardProgress(servers, number);
  const url = isHere ? address.url : address.issuer.replace(/\/$/, '');
  return { number, name, browsers: browsers.length, url, progress };
}

/** Undefined for a place that does not answer, or begins anew. */
async function readCardProgress(servers: PlaceServers, number: number): Promise<Progress | undefined> {
  try {
    return await readProgress(servers.server(number));
  } catch {
    return undefined;
  }
}

function requireSeat(ctx: RouterContext, { seating }: ClassroomParts): Seat {
  const text = pathParameter(ctx, 'number');
  const seat = /^\d{1,4}$/.test(text) ? seating.seat(Number(text)) : undefined;
  if (seat) return seat;
  throw new Problem('not_found', `There is no place "${text}", only 1 to ${seating.seats.length}.`, {
    status: 404,
  });
}

function nameOf({ number, name }: Seat): string {
  return name === undefined ? `place ${number}` : `place ${number} of ${name}`;
}

function backToOverview(ctx: RouterContext): void {
  ctx.redirect('/teacher');
  ctx.status = 303;
}
