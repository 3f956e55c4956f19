// The way of a student: a name, a place, and back to it.
import type { RouterContext } from '@koa/router';
import { isOfThisComputer } from '../http/index.ts';
import { sendPage } from '../pages/index.ts';
import type { Route } from '../routes.ts';
import { givePlaceKey, placeKeyOf, takePlaceKey } from './access.ts';
import type { ClassroomParts } from './classroom-app.ts';
import { readForm } from './form.ts';
import { readName, type Seat } from './seating.ts';
import { isThatYouPage, joinPage, placePage, STUDENT_STYLE } from './student-pages.ts';
import { TEXTS } from './texts.ts';

/** Where a student puts the authority of a class that runs on another computer. */
const CA_FILE = 'assent-ca.pem';

export function studentRoutes(parts: ClassroomParts): Route[] {
  const { seating, owner } = parts;

  const showJoin = (ctx: RouterContext, status: number, problem?: string, typed?: string): void => {
    const free = seating.seats.filter(({ name }) => name === undefined).length;
    const taken = new Set(seating.seats.map(({ name }) => name));
    const names = free === 0 ? [] : parts.names.filter((name) => !taken.has(name));
    const content = joinPage({ free, all: seating.seats.length, names, typed, problem });
    sendPage(ctx, status, { title: TEXTS.join.title, owner, style: STUDENT_STYLE, content });
  };

  return [
    {
      method: 'GET',
      path: '/',
      purpose: 'join the class',
      answer: (ctx) => {
        if (seating.seatOf(placeKeyOf(ctx))) ctx.redirect('/place');
        else showJoin(ctx, 200);
      },
    },
    {
      method: 'POST',
      path: '/join',
      purpose: 'take a place',
      answer: async (ctx) => {
        const field = await readForm(ctx);
        // Pressed twice, or gone back: one browser has one place.
        if (seating.seatOf(placeKeyOf(ctx))) return seeOther(ctx, '/place');
        const name = readName(field('name'));
        if (name === undefined) return showJoin(ctx, 400, TEXTS.join.wrongName, field('name'));
        const joining = seating.join(name, field('back') === 'yes');
        if (joining.result === 'full') return showJoin(ctx, 409, TEXTS.join.full, name);
        if (joining.result === 'name_taken') return askWhetherBack(ctx, parts, joining.seat, name);
        const { seat, key } = joining;
        try {
          await parts.keep();
        } catch (failure) {
          // What a restart would forget is given to nobody.
          seating.takeBack(seat, key);
          throw failure;
        }
        givePlaceKey(ctx, key);
        parts.tell({
          type: seat.browsers.length > 1 ? 'returned' : 'joined',
          number: seat.number,
          name: seat.name,
        });
        seeOther(ctx, '/place');
      },
    },
    {
      method: 'GET',
      path: '/place',
      purpose: 'see one’s place',
      answer: (ctx) => {
        const seat = seating.seatOf(placeKeyOf(ctx));
        if (seat) showPlace(ctx, parts, seat);
        else ctx.redirect('/');
      },
    },
    {
      method: 'POST',
      path: '/leave',
      purpose: 'be forgotten by this browser',
      answer: async (ctx) => {
        await readForm(ctx);
        takePlaceKey(ctx);
        seeOther(ctx, '/');
      },
    },
  ];
}

function askWhetherBack(
  ctx: RouterContext,
  { seating, owner }: ClassroomParts,
  seat: Seat,
  typed: string,
): void {
  const hasRoom = seating.seats.some(({ name }) => name === undefined);
  const name = seat.name ?? typed;
  const content = isThatYouPage(name, seat.number, hasRoom ? seating.freeNameLike(name) : undefined);
  sendPage(ctx, 409, { title: TEXTS.again.title, owner, style: STUDENT_STYLE, content });
}

function showPlace(ctx: RouterContext, parts: ClassroomParts, { number, name = '' }: Seat): void {
  const { env, issuer, controlToken, networkUrls, ...server } = parts.servers.server(number);
  const isHere = isOfThisComputer(ctx.req.socket.remoteAddress);
  const url = isHere ? server.url : issuer.replace(/\/$/, '');
  // Over plain http, which a phone can read before it trusts anybody.
  const phoneUrl = networkUrls.at(0)?.replace(/^https:/, 'http:');
  const plainUrl = (parts.networkUrl ?? parts.url).replace(/^https:/, 'http:');
  const caFile = isHere ? parts.ca.file : CA_FILE;
  const content = placePage({
    name,
    number,
    url,
    phoneUrl: phoneUrl && `${phoneUrl}/ca`,
    fetchCa: isHere ? undefined : `curl -o ${CA_FILE} ${plainUrl}/ca.pem`,
    env: {
      ...env,
      NODE_EXTRA_CA_CERTS: caFile,
      ASSENT_URL: url,
      ASSENT_CA: caFile,
      ...(controlToken === undefined ? {} : { ASSENT_CONTROL_TOKEN: controlToken }),
    },
    hasSecret: controlToken !== undefined,
  });
  const { owner } = parts;
  sendPage(ctx, 200, { title: TEXTS.place.title(name, number), owner, style: STUDENT_STYLE, content });
}

/** After a form: the answer is read with GET, and loading it again sends nothing. RFC 9110 §15.4.4. */
function seeOther(ctx: RouterContext, path: string): void {
  ctx.redirect(path);
  ctx.status = 303;
}
