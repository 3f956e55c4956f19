// The teacher's side of a class: the overview, putting places back, and who may do that.
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ClassNews } from '../../src/classroom/classroom.ts';
import { networkAddresses } from '../../src/network-addresses.ts';
import { Browser } from '../browser.ts';
import { runCommand, startCommand } from '../command.ts';
import { call } from '../http-call.ts';
import { agentAt, Student, useClasses } from './class.ts';

const classes = await useClasses();
const jwkSchema = z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string() });
const TOKEN = 'a-token-of-the-teacher-0123456789';
const [ownAddress] = networkAddresses(networkInterfaces());

describe('the overview', () => {
  test('tells of each place who sits there, how many requests there were and what happened last', async () => {
    const running = await classes.start();
    await new Student(running).join('Ada');
    await new Student(running).join('Grace');
    await agentAt(running, 1).askFor();
    await agentAt(running, 1).askFor();
    await running.places[0]?.assent.control.deny('latest');
    const teacher = new Student(running);
    const page = await teacher.open('/teacher');
    expect(page.text).toContain('2 of 3 places are taken.');
    expect(page.text).toMatch(
      /1 Ada 1 pending · 0 approved · 1 denied Lab 6: \d of 8, now: [\w ]+ \S+ UTC r2 denied/,
    );
    expect(page.text).toMatch(
      /2 Grace 0 pending · 0 approved · 0 denied Lab 6: \d of 8, now: [\w ]+ Nothing has happened yet\./,
    );
    expect(page.markup).toContain(`href="${running.places[0]?.assent.url}/sequence"`);
    expect(page.headers).not.toHaveProperty('refresh');
    expect((await teacher.open('/teacher?follow=yes')).headers).toMatchObject({ refresh: '5' });
  });

  test('is JSON for programs', async () => {
    const running = await classes.start({ places: 1 });
    const { json } = await call(`${running.url}/teacher`, { ca: running.ca });
    expect(json()).toEqual({
      join_url: running.url,
      places: [
        {
          number: 1,
          browsers: 0,
          url: running.places[0]?.assent.url,
          progress: {
            pending: 0,
            approved: 0,
            denied: 0,
            expired: 0,
            lessons: [{ id: 'lab-6', done: 3, steps: 8, current: 'Create the API' }],
          },
        },
      ],
    });
  });
});

describe('the places', () => {
  test('know nothing of one another', async () => {
    const running = await classes.start({ places: 2 });
    const authReqId = await agentAt(running, 1).askFor();
    expect(await running.places[1]?.assent.control.requests()).toEqual([]);
    expect((await agentAt(running, 2).poll(authReqId)).json()).toMatchObject({ error: 'invalid_grant' });
    expect(new Set(running.places.map(({ assent }) => assent.issuer)).size).toBe(2);
  });

  test('one is put back to the start after a question, and the others go on', async () => {
    const news: ClassNews[] = [];
    const running = await classes.start({ places: 2, onNews: (one) => news.push(one) });
    await new Student(running).join('Ada');
    await agentAt(running, 1).askFor();
    await agentAt(running, 2).askFor();
    const question = await new Student(running).open('/teacher/places/1/reset');
    expect(question.heading).toBe('Reset place 1 of Ada?');
    expect(await running.places[0]?.assent.control.requests()).toHaveLength(1);
    expect((await question.press('Reset')).text).toContain('1 Ada 0 pending');
    expect(await running.places[0]?.assent.control.requests()).toEqual([]);
    expect(await running.places[1]?.assent.control.requests()).toHaveLength(1);
    expect(news).toEqual([
      { type: 'joined', number: 1, name: 'Ada' },
      { type: 'reset', number: 1, name: 'Ada' },
    ]);
  });

  test('all are put back to the start after a question, and names stay', async () => {
    const running = await classes.start({ places: 2 });
    await new Student(running).join('Ada');
    for (const number of [1, 2]) await agentAt(running, number).askFor();
    await (await new Student(running).open('/teacher/reset')).press('Reset');
    for (const { assent } of running.places) expect(await assent.control.requests()).toEqual([]);
    expect(running.places[0]?.name).toBe('Ada');
  });

  test('one that is freed goes to the next student as it was at the start', async () => {
    const running = await classes.start({ places: 1 });
    const ada = new Student(running);
    await ada.join('Ada');
    await agentAt(running, 1).askFor();
    await (await new Student(running).open('/teacher/places/1/free')).press('Free');
    expect((await ada.open('/')).heading).toBe('Join the class');
    expect((await new Student(running).join('Grace')).heading).toBe('Grace, place 1');
    expect(await running.places[0]?.assent.control.requests()).toEqual([]);
  });

  test.each(['0', '4', 'x', '1e0', '%00'])('there is none with the number %s', async (number) => {
    const running = await classes.start();
    expect((await new Student(running).open(`/teacher/places/${number}/reset`)).status).toBe(404);
  });
});

describe('a class with a token', () => {
  test('asks for it, and knows the browser that has shown it', async () => {
    const running = await classes.start({ places: 1, teacherToken: TOKEN });
    const teacher = new Student(running);
    const asked = await teacher.open('/teacher');
    expect([asked.status, asked.heading]).toEqual([401, 'For the teacher']);
    const wrong = await asked.press('Enter', { token: 'another' });
    expect(wrong.text).toContain('Received another token');
    expect((await wrong.press('Enter', { token: ` ${TOKEN} ` })).heading).toBe('The class');
    const [cookie] = [...teacher.browser.cookies.values()];
    expect(cookie?.value).not.toContain(TOKEN);
    expect(cookie?.attributes).toEqual(expect.arrayContaining(['httponly', 'secure', 'samesite=strict']));
  });

  test('refuses students, and programs without it', async () => {
    const running = await classes.start({ places: 1, teacherToken: TOKEN });
    const student = new Student(running);
    await student.join('Ada');
    await agentAt(running, 1).askFor();
    for (const path of ['/teacher/reset', '/teacher/places/1/reset', '/teacher/places/1/free'])
      expect((await student.browser.submit(running.url + path, {})).status).toBe(401);
    expect(await running.places[0]?.assent.control.requests()).toHaveLength(1);
    const { ca } = running;
    expect((await call(`${running.url}/teacher`, { ca })).json()).toMatchObject({
      code: 'control_token_invalid',
    });
    const headers = { Authorization: `Bearer ${TOKEN}` };
    expect((await call(`${running.url}/teacher`, { ca, headers })).status).toBe(200);
  });

  test.skipIf(ownAddress === undefined)(
    'makes one where the room is let in, which this computer does not need',
    async () => {
      const running = await classes.start({ places: 1, host: '0.0.0.0' });
      expect((await new Student(running).open('/teacher')).heading).toBe('The class');
      const elsewhere = running.networkUrls[0] ?? '';
      const other = new Browser({ ca: running.ca });
      expect((await other.open(`${elsewhere}/teacher`)).status).toBe(401);
      const place = await (await other.open(elsewhere)).press('Take a place', { name: 'Ada' });
      const assent = running.places[0]?.assent;
      // Another computer finds its tenant under the address of the room, and has the file to trust it fetched.
      expect(assent?.issuer).toBe(`${elsewhere.replace(/\d+$/, '')}${new URL(assent?.url ?? '').port}/`);
      expect(place.text).toContain(`ASSENT_CONTROL_TOKEN=${assent?.controlToken}`);
      expect(place.text).toContain(`curl -o assent-ca.pem ${elsewhere.replace('https', 'http')}/ca.pem`);
      expect(place.markup).toContain('aria-label="Way to the approver app as a QR code"');
      const plain = await new Browser().open(elsewhere.replace('https', 'http'));
      expect([plain.url.pathname, plain.markup.includes(`${elsewhere}/"`)]).toEqual(['/ca', true]);
    },
  );

  test.skipIf(ownAddress === undefined)(
    'what the last student knew of a place that was freed is worth nothing',
    async () => {
      const running = await classes.start({ places: 1, host: '0.0.0.0' });
      const former = running.places[0]?.assent;
      await (await new Student(running).open('/teacher/places/1/free')).press('Free');
      const now = running.places[0]?.assent;
      expect(now?.url).toBe(former?.url);
      expect(now?.controlToken).not.toBe(former?.controlToken);
    },
  );

  test.skipIf(ownAddress === undefined)(
    'the key in the snapshot of a place signs for no other one, and not for the next student',
    async () => {
      const data = join(classes.folder, 'keys');
      const running = await classes.start({ places: 2, host: '0.0.0.0', data });
      const [one, other] = running.places.map(({ assent }) => assent);
      if (!one || !other) throw new Error('there are no places');
      const documents = z
        .array(z.looseObject({ collection: z.string(), value: z.unknown() }))
        .parse((await one.snapshot()).documents);
      const keys = documents
        .filter(({ collection }) => collection === 'signing-keys')
        .map(({ value }) => jwkSchema.parse(value));
      const read = async (
        { url, issuer }: { url: string; issuer: string },
        key: z.infer<typeof jwkSchema>,
      ): Promise<number> => {
        const token = await new SignJWT({ scope: 'read:clients', gty: 'client-credentials' })
          .setProtectedHeader({ alg: key.alg, typ: 'JWT', kid: key.kid })
          .setIssuer(issuer)
          .setAudience(`${issuer}api/v2/`)
          .setSubject('somebody@clients')
          .setIssuedAt()
          .setExpirationTime('10m')
          .sign(await importJWK(key));
        const authorization = `Bearer ${token}`;
        return (await call(`${url}/api/v2/clients`, { ca: running.ca, headers: { authorization } })).status;
      };
      expect(keys.length).toBeGreaterThan(0);
      const rsa = keys.filter(({ kty }) => kty === 'RSA');
      expect(await Promise.all(rsa.map((key) => read(one, key)))).toEqual([200]);
      for (const key of keys) expect(await read(other, key)).toBe(401);
      await (await new Student(running).open('/teacher/places/1/free')).press('Free');
      for (const key of keys) expect(await read(one, key)).toBe(401);
    },
  );
});

// Only a place with a control token is started anew, and only a class that lets the room in has those.
describe.skipIf(ownAddress === undefined)('while a place is freed', () => {
  test('others join, the overview is there, and freeing it twice frees it once', async () => {
    const running = await classes.start({ places: 3, host: '0.0.0.0' });
    await new Student(running).join('Ada');
    const free = () => new Student(running).browser.submit(`${running.url}/teacher/places/1/free`, {});
    const [one, other, grace, overview] = await Promise.all([
      free(),
      free(),
      new Student(running).join('Grace'),
      new Student(running).open('/teacher'),
    ]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(grace.heading).toBe('Grace, place 2');
    expect(overview.heading).toBe('The class');
    for (const { assent } of running.places) expect((await assent.control.health()).status).toBe('ready');
  });

  test('the class can end, and the place ends with it', async () => {
    const running = await classes.start({ places: 1, host: '0.0.0.0' });
    const assent = running.places[0]?.assent;
    if (!assent) throw new Error('there is no place');
    let isFreed = false;
    const freeing = new Student(running).browser
      .submit(`${running.url}/teacher/places/1/free`, {})
      .catch(() => undefined)
      .finally(() => {
        isFreed = true;
      });
    const hasTenant = (): boolean => {
      try {
        return running.places[0]?.assent !== undefined;
      } catch {
        return false;
      }
    };
    while (!isFreed && hasTenant()) await call(`${running.url}/invite`, { ca: running.ca });
    await running.close();
    await freeing;
    await expect(call(`${assent.url}/control/live`, { ca: running.ca })).rejects.toThrow();
  });
});

describe('a class that is kept', () => {
  test('goes on where it stopped: names, browsers, ports and requests', async () => {
    const data = join(classes.folder, 'kept');
    const before = await classes.start({ places: 2, data });
    const ada = new Student(before);
    await ada.join('Ada');
    await agentAt(before, 1).askFor();
    await before.close();
    const after = await classes.start({ places: 3, data });
    expect(after.url).toBe(before.url);
    expect((await ada.open('/')).heading).toBe('Ada, place 1');
    expect(await after.places[0]?.assent.control.requests()).toHaveLength(1);
    await after.close();
    await expect(classes.start({ places: 0, data })).rejects.toThrow('Received 0 places');
  });

  test('takes no place from anybody', async () => {
    const data = join(classes.folder, 'smaller');
    const before = await classes.start({ places: 2, data });
    for (const name of ['Ada', 'Grace']) await new Student(before).join(name);
    await before.close();
    await expect(classes.start({ places: 1, data })).rejects.toThrow(
      'Grace sits at place 2, and 1 places were asked for.',
    );
  });
});

describe('assent class', () => {
  test('says where to join, tells who comes, and leaves nothing behind', async () => {
    const home = join(classes.folder, '.');
    const command = startCommand(['class', '2', '--port', '0', '--format', 'ndjson'], { folder: home });
    await command.says('"type":"ready"');
    const ready = JSON.parse(command.output().stdout);
    expect(ready.places).toHaveLength(2);
    const second = startCommand(['class', '2', '--port', new URL(ready.join_url).port], { folder: home });
    expect((await second.ends()).stderr).toContain('A class of 2 needs 3 in a row.');
    const joined = await call(new URL('/join', ready.join_url).href, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'name=Ada',
      ca: await readFile(ready.ca_file, 'utf8'),
    });
    expect(joined.status).toBe(303);
    await command.says('{"type":"joined","number":1,"name":"Ada"}');
    expect(await command.stop()).toMatchObject({ code: 0, stderr: '' });
  });

  test.skipIf(ownAddress === undefined)(
    'writes down the control token of a place that was freed',
    async () => {
      const words = ['class', '1', '--port', '0', '--host', '0.0.0.0', '--format', 'ndjson'];
      const command = startCommand(words, { folder: classes.folder });
      await command.says('"type":"ready"');
      const ready = JSON.parse(command.output().stdout);
      const ca = await readFile(ready.ca_file, 'utf8');
      const readToken = async (): Promise<string> => {
        const text = await readFile(join(dirname(ready.ca_file), 'class-server.json'), 'utf8');
        return JSON.parse(text).places[0].control_token;
      };
      const former = await readToken();
      await new Browser({ ca }).submit(new URL('/teacher/places/1/free', ready.join_url), {});
      await command.says('"type":"freed"');
      expect(await readToken()).not.toBe(former);
      expect(await command.stop()).toMatchObject({ code: 0, stderr: '' });
    },
  );

  test.each([
    [['class', '0'], 'expected a whole number from 1 to 200'],
    [['class', '30', '--port', '65530'], 'There are no 30 ports after 65530.'],
    [['class', '2', '--names', 'nobody.txt'], 'The names of the students cannot be read'],
  ])('%j is refused with a reason', async (words, reason) => {
    const refused = await runCommand(words, { folder: classes.folder });
    expect([refused.code === 0, refused.stdout]).toEqual([false, '']);
    expect(refused.stderr).toContain(reason);
  });
});
