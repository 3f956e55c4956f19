// How students come to a place of their own, from outside: browsers without scripts, over TLS.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { call } from '../http-call.ts';
import { Student, useClasses } from './class.ts';

const classes = await useClasses();

describe('a student', () => {
  test('types a name and finds a tenant with its addresses and variables', async () => {
    const running = await classes.start();
    const ada = await new Student(running).join('  Ada   Lovelace ');
    expect(ada.url.pathname).toBe('/place');
    expect(ada.heading).toBe('Ada Lovelace, place 1');
    const [first] = running.places;
    for (const path of ['/approve/', '/sequence', '/console'])
      expect(ada.markup).toContain(`href="${first?.assent.url}${path}"`);
    expect(ada.text).toContain(`AUTH0_DOMAIN=${new URL(first?.assent.issuer ?? '').host}`);
    expect(ada.text).toContain(`NODE_EXTRA_CA_CERTS=${running.caFile}`);
    expect(ada.text).toContain(`ASSENT_URL=${first?.assent.url}`);
    expect(ada.text).toContain('No phone can reach this class');
    expect(first?.name).toBe('Ada Lovelace');
  });

  test('who comes back with the same browser gets the same place', async () => {
    const running = await classes.start();
    const ada = new Student(running);
    await ada.join('Ada');
    await new Student(running).join('Grace');
    expect((await ada.open('/')).heading).toBe('Ada, place 1');
    // Also by the form of a page that was left open.
    const again = await ada.browser.submit(`${running.url}/join`, { name: 'Somebody else' });
    expect(again.heading).toBe('Ada, place 1');
    expect(running.places.map(({ name }) => name)).toEqual(['Ada', 'Grace', undefined]);
  });

  test('who presses at the same moment as others gets another place than they', async () => {
    const running = await classes.start({ places: 8 });
    const names = Array.from({ length: 8 }, (_, index) => `Student ${index + 1}`);
    const visits = await Promise.all(names.map((name) => new Student(running).join(name)));
    expect(new Set(visits.map(({ heading }) => heading.split(', ')[1])).size).toBe(8);
    expect(running.places.map(({ name }) => name).sort()).toEqual(names);
  });

  test('whose name somebody has is asked, and gets that place or one of their own', async () => {
    const running = await classes.start();
    await new Student(running).join('Ada');
    const asked = await new Student(running).join('ADA');
    expect([asked.status, asked.heading]).toEqual([409, 'Is that you?']);
    expect(asked.text).toContain('Ada sits at place 1 already.');
    expect((await asked.press('Yes, that is me')).heading).toBe('Ada, place 1');
    const other = await new Student(running).join('ada');
    expect((await other.press('No, I am “Ada 2”')).heading).toBe('Ada 2, place 2');
  });

  test('who is one too many is told so, and whom to ask', async () => {
    const running = await classes.start({ places: 1 });
    await new Student(running).join('Ada');
    const late = await new Student(running).join('Grace');
    expect(late.status).toBe(409);
    expect(late.text).toContain('Every place is taken. Ask your teacher to free one');
    const asked = await new Student(running).join('Ada');
    expect(asked.markup).not.toContain('No, I am');
  });

  test('picks a name that was prepared, which nobody else can pick then', async () => {
    const running = await classes.start({ names: ['Ada', 'Zoë <b>'] });
    const zoe = await (await new Student(running).open('/')).press('Zoë <b>');
    expect(zoe.heading).toBe('Zoë <b>, place 1');
    const next = await new Student(running).open('/');
    expect(next.text).toContain('Ada');
    expect(next.text).not.toContain('Zoë');
  });

  test('who says so too often is forgotten on the oldest browser, and nobody else is', async () => {
    const running = await classes.start({ places: 1 });
    const oldest = new Student(running);
    await oldest.join('Ada');
    const joinAgain = () =>
      call(`${running.url}/join`, {
        method: 'POST',
        ca: running.ca,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'name=Ada&back=yes',
      });
    for (const _ of Array.from({ length: 25 })) expect((await joinAgain()).status).toBe(303);
    expect((await oldest.open('/')).heading).toBe('Join the class');
    const { json } = await call(`${running.url}/teacher`, { ca: running.ca });
    expect(json()).toMatchObject({ places: [{ name: 'Ada', browsers: 20 }] });
  });

  test('gets no place that the class cannot keep, and gets it as soon as it can', async () => {
    const data = join(classes.folder, 'kept');
    const running = await classes.start({ places: 1, data });
    const file = join(data, 'class.json');
    await rm(file);
    await mkdir(join(file, 'in-the-way'), { recursive: true });
    const student = new Student(running);
    const refused = await student.join('Ada');
    expect([refused.status, refused.heading]).toEqual([
      503,
      expect.stringContaining('The class cannot keep who sits where'),
    ]);
    expect(refused.text).not.toContain(data);
    expect(running.places[0]?.name).toBeUndefined();
    await rm(file, { recursive: true });
    expect((await student.join('Ada')).heading).toBe('Ada, place 1');
  });

  test('can leave the browser to somebody else, and keeps the place', async () => {
    const running = await classes.start();
    const shared = new Student(running);
    const left = await (await shared.join('Ada')).press('I am somebody else');
    expect(left.heading).toBe('Join the class');
    expect((await shared.join('Grace')).heading).toBe('Grace, place 2');
    expect(running.places[0]?.name).toBe('Ada');
  });
});

describe('what is no name', () => {
  test.each(['', '   ', 'a'.repeat(61), 'A\u202eda', 'A\u0000da', 'A\u200bda', '\u3164', 'Ada\u2800'])(
    '%j is refused where it was typed',
    async (name) => {
      const running = await classes.start({ places: 1 });
      const refused = await new Student(running).join(name);
      expect(refused.status).toBe(400);
      expect(refused.text).toContain('Expected a name of 1 to 60');
      expect(running.places[0]?.name).toBeUndefined();
    },
  );

  test.each([
    [{ headers: { 'Content-Type': 'application/json' }, body: '{"name":"Ada"}' }, 415],
    [
      {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `name=${'a'.repeat(9_000)}`,
      },
      413,
    ],
  ])('a body that is no such form is refused: %#', async (sent, status) => {
    const running = await classes.start({ places: 1 });
    const answer = await call(`${running.url}/join`, { method: 'POST', ca: running.ca, ...sent });
    expect(answer.status).toBe(status);
    expect(answer.json().detail).toContain('Received');
  });
});

describe('pages of others', () => {
  test('can send no form', async () => {
    const running = await classes.start({ places: 1 });
    const student = new Student(running);
    for (const headers of [
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      // A page of a place: the same host, and another port.
      { Origin: running.places[0]?.assent.url ?? '', 'Sec-Fetch-Site': 'same-site' },
    ])
      expect((await student.browser.submit(`${running.url}/join`, { name: 'Ada' }, headers)).status).toBe(
        403,
      );
    expect(running.places[0]?.name).toBeUndefined();
  });

  test('read nothing by a name of theirs', async () => {
    const running = await classes.start({ places: 1 });
    // A name on the certificate, so that only the answer is judged.
    const headers = { Host: 'localhost:1', Accept: 'text/html' };
    expect((await call(`${running.url}/teacher`, { ca: running.ca, headers })).status).toBe(403);
  });

  test('an address that does not exist says where to go', async () => {
    const running = await classes.start({ places: 1 });
    const lost = await new Student(running).open('/approve');
    expect(lost.status).toBe(404);
    expect(lost.text).toContain('Each place has its own address');
    const wrong = await call(`${running.url}/join`, { ca: running.ca });
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'POST']);
  });
});
