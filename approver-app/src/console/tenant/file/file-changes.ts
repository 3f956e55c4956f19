// What a tenant has that its file has not: which lines to mark, which part of a file would say it, and what no part can say. Pure.
import { TENANT_LIST_NAMES } from 'assent/contract';
import type { Path } from './yaml-lines.ts';

export type TenantFile = Readonly<Record<string, unknown>>;

export interface FileChanges {
  /** To be laid over the file (`assent import --merge`): things by their name, with the members that differ. */
  part: TenantFile;
  /** What the file has and the tenant has not: a part of a file can add and replace, not take away. */
  gone: readonly Path[];
}

/**
 * Places in `now` that are not as in `file`, each as deep as it can be told.
 *
 * @param whole the file with every default filled in: what the file leaves out is compared with what holds then
 */
export function changedPaths(now: TenantFile, file: TenantFile, whole: TenantFile = {}): Path[] {
  return Object.keys({ ...file, ...now }).flatMap((list) => {
    const names = TENANT_LIST_NAMES[list];
    const things = now[list];
    if (names === undefined || !Array.isArray(things))
      return changedIn(now[list], file[list], whole[list], [list]);
    return things.flatMap((thing: unknown, place) => {
      const former = find(file[list], thing, names);
      return changedIn(thing, former, former && find(whole[list], thing, names), [list, place]);
    });
  });
}

export function isMarked(path: Path, changed: readonly Path[]): boolean {
  return changed.some((one) => one.length <= path.length && one.every((name, place) => path[place] === name));
}

/**
 * @param file what is to become `now`
 * @param whole `now` with every default filled in: where the file says something and `now` leaves it out, this is said instead
 */
export function changesBetween(now: TenantFile, file: TenantFile, whole: TenantFile = {}): FileChanges {
  const gone: Path[] = [];
  const part: Record<string, unknown> = {};
  for (const list of Object.keys({ ...file, ...now })) {
    const names = TENANT_LIST_NAMES[list];
    const [things, earlier] = [now[list], file[list]];
    if (names === undefined) {
      const difference = differenceOf(things, earlier, whole[list], [list], gone);
      if (difference !== undefined) part[list] = difference;
      continue;
    }
    const known = asList(things);
    for (const thing of asList(earlier)) {
      if (find(known, thing, names) === undefined) gone.push([list, nameOf(thing, names)]);
    }
    const different = known.flatMap((thing) => {
      const former = find(earlier, thing, names);
      if (isSame(thing, former)) return [];
      const place = [list, nameOf(thing, names)];
      return [
        former === undefined
          ? thing
          : {
              ...namesOf(thing, names),
              ...asMap(differenceOf(thing, former, find(whole[list], thing, names), place, gone)),
            },
      ];
    });
    if (different.length > 0) part[list] = different;
  }
  return { part, gone };
}

/** One thing of a list, as a part of a file that has it alone. */
export function partWith(
  file: TenantFile,
  list: string,
  is: (thing: Record<string, unknown>) => boolean,
): TenantFile {
  const found = asList(file[list]).filter((thing) => is(asMap(thing)));
  return found.length === 0 ? {} : { [list]: found };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param usual what holds where the file says nothing */
function changedIn(now: unknown, then: unknown, usual: unknown, path: Path): Path[] {
  const isUsual = then === undefined && usual !== undefined;
  const known = isUsual ? usual : then;
  if (isSame(now, known)) return [];
  if (Array.isArray(now) && Array.isArray(known)) {
    const added = now.flatMap((item: unknown, place) =>
      known.some((one) => isSame(one, item)) ? [] : [[...path, place]],
    );
    return added.length > 0 ? added : [path];
  }
  if (isMap(now) && isMap(known)) {
    const inner = Object.keys(now).flatMap((name) =>
      changedIn(now[name], isUsual ? undefined : known[name], asMap(usual)[name], [...path, name]),
    );
    // Of what the file leaves out, `now` leaves out the same.
    return inner.length > 0 || isUsual ? inner : [path];
  }
  return [path];
}

/** Undefined where a part has nothing to say. Lists without names are replaced as a whole. */
function differenceOf(now: unknown, then: unknown, usual: unknown, path: Path, gone: Path[]): unknown {
  if (isSame(now, then)) return undefined;
  if (now === undefined && usual === undefined) {
    gone.push(path);
    return undefined;
  }
  const held = now ?? usual;
  if (!isMap(held) || !isMap(then)) return isSame(held, then) ? undefined : held;
  // Of what a default says, only what the file says otherwise.
  const names = Object.keys(now === undefined ? then : { ...then, ...held });
  const members = names.flatMap((name) => {
    const given = now === undefined ? undefined : held[name];
    const difference = differenceOf(given, then[name], asMap(usual)[name], [...path, name], gone);
    return difference === undefined ? [] : [[name, difference] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function find(list: unknown, thing: unknown, names: readonly string[]): unknown {
  const wanted = nameOf(thing, names);
  return asList(list).find((one) => nameOf(one, names) === wanted);
}

/** `subject_type` may be left out. */
const USUAL: Readonly<Record<string, unknown>> = { subject_type: 'client' };

function nameOf(thing: unknown, names: readonly string[]): string {
  return names.map((name) => String(asMap(thing)[name] ?? USUAL[name])).join(' ');
}

function namesOf(thing: unknown, names: readonly string[]): Record<string, unknown> {
  const members = asMap(thing);
  return Object.fromEntries(names.filter((name) => name in members).map((name) => [name, members[name]]));
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asMap(value: unknown): Record<string, unknown> {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
