// The text of a tenant file. YAML 1.2 contains JSON, so one reader takes both and knows the place of every member. Loaded where there
// is something to read that is not plain JSON, or a mistake to be found.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { TenantConfig } from '../contract/index.ts';
import { checkStart, invalid } from './config-check.ts';
import type { ConfigPath } from './config-path.ts';

/**
 * @param name as findings name the file
 * @throws Problem `config_invalid`
 */
export function checkYaml(text: string, name: string): TenantConfig {
  const { document, lines } = parseText(text, name);
  return checkStart(toPlain(document, name), {
    source: {
      name,
      locate(path, part) {
        const offset = findOffset(document, path, part);
        if (offset === undefined) return undefined;
        const { line, col } = lines.linePos(offset);
        return { line, column: col };
      },
    },
  });
}

/** What it says, unchecked. @throws Problem `config_invalid` where it is not even YAML */
export function readTenantText(text: string, name: string): unknown {
  return toPlain(parseText(text, name).document, name);
}

function parseText(text: string, name: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    // Sets and maps of an order are no members with names, and would count as having none.
    resolveKnownTags: false,
  });
  if (document.errors.length > 0) {
    const findings = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${name}:${line}:${col}  ${isOverflow(error) ? 'is nested too deeply.' : error.message}`;
    });
    throw invalid(name, findings.slice(0, document.errors.some(isOverflow) ? 1 : undefined));
  }
  return { document, lines };
}

/** `yaml` takes the end of the stack for a mistake in the text, in which it then finds others. */
function isOverflow({ message }: Error): boolean {
  return /call stack|stack overflow/i.test(message);
}

function toPlain(document: Document, name: string): unknown {
  try {
    const value: unknown = document.toJS();
    if (holdsItself(value)) throw new ReferenceError('one stands inside of what it stands for');
    return value;
  } catch (cause) {
    // `yaml` stops at aliases of aliases that would become larger than any tenant, and at ones that lead nowhere.
    if (!(cause instanceof ReferenceError)) throw cause;
    throw invalid(name, [`${name}  the file  has aliases that cannot be followed: ${cause.message}.`]);
  }
}

function holdsItself(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return false;
  } catch {
    return true;
  }
}

/** Offset of the member, or of the innermost one around it that exists. */
function findOffset(document: Document, path: ConfigPath, part: 'name' | 'value'): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [depth, segment] of path.entries()) {
    const whole = isAlias(node) ? node.resolve(document) : node;
    if (isMap(whole)) {
      const pair = whole.items.find(({ key }) => (isScalar(key) ? key.value : key) === segment);
      if (!pair) return offset;
      node = pair.value;
      const isNamed = part === 'name' && depth === path.length - 1;
      offset = (isScalar(node) && !isNamed ? startOf(node) : undefined) ?? startOf(pair.key) ?? offset;
    } else if (isSeq(whole) && typeof segment === 'number' && segment < whole.items.length) {
      node = whole.items[segment];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}
