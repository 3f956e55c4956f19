// Whom to ask: found by id, by the end of it, or by name, among the people that the server shows to everybody here.
import { APPROVER_API, type People, peopleSchema } from '../contract/index.ts';
import type { ControlTransport } from '../control-client.ts';
import { Problem } from '../problem.ts';

type Person = People['people'][number];

/** @param wanted `auth0|ada`, `ada` or "Ada Lovelace"; left out: the first who has a device */
export async function findPerson(transport: ControlTransport, wanted: string | undefined): Promise<Person> {
  const { people } = await transport.call({ path: `${APPROVER_API}/people` }, peopleSchema);
  const found =
    wanted === undefined ? firstReachable(people) : people.find((person) => isMeant(person, wanted));
  if (found) return found;
  const known = people.map((person) => person.user_id).join(', ');
  throw new Problem(
    'usage',
    wanted === undefined ? 'This tenant has no people.' : `Nobody here is "${wanted}".`,
    {
      hint: known === '' ? 'Add some under "users" in the tenant file.' : `Choose one of ${known}`,
    },
  );
}

function firstReachable(people: readonly Person[]): Person | undefined {
  return people.find((person) => person.devices > 0) ?? people[0];
}

function isMeant(person: Person, wanted: string): boolean {
  const lower = wanted.toLowerCase();
  const { user_id: id, name } = person;
  return [id, id.split('|').at(-1), name, name.split(' ')[0], person.email].some(
    (candidate) => candidate?.toLowerCase() === lower,
  );
}
