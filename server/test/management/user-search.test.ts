// Searching people: what a query finds, and what is said of one that is not understood.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { type Administrator, administratorOf } from './administrator.ts';

let assent: RunningAssent;
let administrator: Administrator;

beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    config: {
      clients: [
        {
          client_id: 'administrator',
          client_secret: 'administrator-secret-not-real',
          name: 'Administrator',
          grant_types: ['client_credentials'],
        },
      ],
      client_grants: [{ client_id: 'administrator', audience: '{issuer}api/v2/', allow_all_scopes: true }],
      users: [
        {
          user_id: 'auth0|jane',
          name: 'Jane Smith',
          email: 'jane@acme.example',
          created_at: '2026-01-10T00:00:00.000Z',
          app_metadata: { plan: { level: 9, name: 'gold' }, tags: ['vip', 'beta'] },
        },
        {
          user_id: 'auth0|john',
          name: 'John Smithers',
          nickname: 'st*r',
          email: 'john@acme.example',
          email_verified: false,
          created_at: '2026-02-10T00:00:00.000Z',
          app_metadata: { plan: { level: 10 } },
        },
        {
          user_id: 'email|joan',
          name: 'Joan',
          email: 'joan@other.example',
          blocked: true,
          created_at: '2026-03-10T00:00:00.000Z',
          user_metadata: { 'favourite colour': 'red: dark' },
        },
      ],
    },
  });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

const search = (query: string, more = '') =>
  administrator.get(`/users?search_engine=v3&q=${encodeURIComponent(query)}${more}`);
const found = async (query: string, more = ''): Promise<string[]> =>
  (await search(query, more)).json().map((user: { user_id: string }) => user.user_id.split('|')[1]);

describe('a query', () => {
  it.each([
    ['email:"jane@acme.example"', ['jane']],
    ['email:JANE@acme.example', ['jane']],
    ['name:jane', []],
    ['name:jane*', ['jane']],
    ['name:*smith*', ['jane', 'john']],
    ['name:"*smith*"', []],
    ['nickname:st\\*r', ['john']],
    ['jo*', ['john', 'joan']],
    ['name:(jane* OR joan)', ['jane', 'joan']],
    ['email:*@acme.example AND email_verified:true', ['jane']],
    ['email:*@acme.example AND NOT email_verified:true', ['john']],
    ['email:*acme* -name:jane*', ['john']],
    ['(name:jane* OR name:john*) AND app_metadata.plan.level:[10 TO *]', ['john']],
    ['app_metadata.plan.level:>9', ['john']],
    ['app_metadata.plan.level:[9 TO 10}', ['jane']],
    ['app_metadata.tags:"beta"', ['jane']],
    ['_exists_:app_metadata.plan.name', ['jane']],
    ['NOT _exists_:app_metadata', ['joan']],
    ['blocked:true', ['joan']],
    ['created_at:[2026-02-01 TO 2026-02-28]', ['john']],
    ['created_at:{* TO 2026-03-10T00:00:00.000Z}', ['jane', 'john']],
    ['identities.provider:email', ['joan']],
    ['user_id:"auth0|jane" OR user_id:email\\|joan', ['jane', 'joan']],
    ['user_metadata.nothing:x', []],
    ['name:jane* name:joan', ['jane', 'joan']],
  ])('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it.each([
    ['name:', /has the end at position 6, expected a value of name/],
    ['name:jane AND', /has the end at position 14, expected a field or a value/],
    ['(name:jane', /expected a closing parenthesis/],
    ['name:jane)', /has "\)" at position 10, expected the end, AND or OR/],
    ['"jane', /quotation mark at position 1 that is never closed/],
    ['name:jane~2', /fuzzy search/],
    [':jane', /a colon at position 1 without a field/],
    ['created_at:[2026 2027]', /expected TO/],
    [`${'('.repeat(30)}a${')'.repeat(30)}`, /nested deeper than 20 levels/],
    [`user_id:(${'a '.repeat(201)})`, /has 201 values to look for, expected at most 200/],
  ])('that is not understood is refused with its place: %s', async (query, message) => {
    const answer = await search(query);
    expect(answer.json()).toMatchObject({ statusCode: 400, errorCode: 'invalid_query_string' });
    expect(answer.json().message).toMatch(message);
  });
});

describe('a list of people', () => {
  it('is sorted, paged and cut to the fields that are asked for', async () => {
    expect(await found('', '&sort=created_at:-1')).toEqual(['joan', 'john', 'jane']);
    const page = await administrator.get(
      '/users?sort=name:1&per_page=2&page=1&include_totals=true&fields=name',
    );
    expect(page.json()).toEqual({
      start: 2,
      limit: 2,
      length: 1,
      total: 3,
      users: [{ name: 'John Smithers' }],
    });
    expect((await administrator.get('/users?sort=name')).json().message).toMatch(/such as created_at:-1/);
    expect((await administrator.get('/users?per_page=101')).status).toBe(400);
  });

  it('is of one connection where one is named', async () => {
    expect(await found('', '&connection=username-password-authentication')).toEqual(['jane', 'john']);
  });
});
