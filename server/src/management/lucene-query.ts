// The part of Lucene's query language that Auth0's user search takes, read into a tree. Whatever is not understood is
// refused with its place, since a filter that is silently wider than it was meant shows the wrong people.
// auth0: User Search Query Syntax.
import { invalidQuery, type ManagementError } from './management-error.ts';

export type Query =
  | { kind: 'and' | 'or'; parts: readonly Query[] }
  | { kind: 'not'; part: Query }
  | { kind: 'exists'; field: string }
  /** Without a field: any of those that people are known by. Stars stand for any text, except in quotes. */
  | { kind: 'match'; field: string | undefined; text: string; isQuoted: boolean }
  | { kind: 'range'; field: string; from: Bound | undefined; to: Bound | undefined };

export interface Bound {
  text: string;
  isIncluded: boolean;
}

type Token =
  | { kind: '(' | ')' | '[' | ']' | '{' | '}' | 'AND' | 'OR' | 'NOT' | 'TO' | 'end'; at: number }
  /** `field:` with nothing between. */
  | { kind: 'field'; name: string; at: number }
  | { kind: 'compare'; operator: '>' | '>=' | '<' | '<='; at: number }
  | { kind: 'text'; text: string; isQuoted: boolean; at: number };

const LONGEST_QUERY = 4_000;
const DEEPEST_NESTING = 20;
/** Each is looked for in every item. More than a tool asks for at once, such as the ids of a page of people. */
const MOST_VALUES = 200;

/** @throws ManagementError 400 `invalid_query_string` */
export function parseLucene(source: string): Query {
  if (source.length > LONGEST_QUERY) {
    throw invalidQuery(`'q' has ${source.length} characters, expected at most ${LONGEST_QUERY}.`);
  }
  const tokens = readTokens(source);
  const values = tokens.filter(({ kind }) => kind === 'text').length;
  if (values > MOST_VALUES) {
    throw invalidQuery(
      `'q' has ${values} values to look for, expected at most ${MOST_VALUES}. Ask in several calls.`,
    );
  }
  return new Parser(source, tokens).parse();
}

/** Ends a word. */
const SPECIAL = /[\s()[\]{}"]/;
const WORDS = { AND: 'AND', '&&': 'AND', OR: 'OR', '||': 'OR', NOT: 'NOT', '!': 'NOT', TO: 'TO' } as const;

function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const character = source.charAt(at);
    if (/\s/.test(character)) at += 1;
    else if (/[()[\]{}]/.test(character)) {
      tokens.push({ kind: character as '(', at });
      at += 1;
    } else if (character === '"') at = readQuoted(source, at, tokens);
    else at = readWord(source, at, tokens);
  }
  return [...tokens, { kind: 'end', at }];
}

/** Returns the place after it. */
function readQuoted(source: string, start: number, tokens: Token[]): number {
  let text = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '"') {
      tokens.push({ kind: 'text', text, isQuoted: true, at: start });
      return at + 1;
    }
    if (character === '\\') at += 1;
    text += source.charAt(at);
  }
  throw invalidQuery(`'q' has a quotation mark at position ${start + 1} that is never closed.`);
}

/** Returns the place after it. Where no value is due, a colon ends the name of a field; an escaped one does not. */
function readWord(source: string, start: number, tokens: Token[]): number {
  const [prefix] = /^[-!](?=[^\s])/.exec(source.slice(start)) ?? [];
  if (prefix !== undefined) {
    tokens.push({ kind: 'NOT', at: start });
    return start + 1;
  }
  const [operator] = /^[<>]=?/.exec(source.slice(start)) ?? [];
  if (operator !== undefined) {
    tokens.push({ kind: 'compare', operator: operator as '>', at: start });
    return start + operator.length;
  }
  // Instants have colons of their own.
  const isValue = ['field', 'compare', '[', '{', 'TO'].includes(tokens.at(-1)?.kind ?? '');
  let text = '';
  let at = start;
  for (; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '\\' && at + 1 < source.length) {
      at += 1;
      // Kept, so that an escaped star stays a star.
      text += source.charAt(at) === '*' ? '\\*' : source.charAt(at);
    } else if (SPECIAL.test(character)) break;
    else if (character === ':' && !isValue) {
      if (text === '') throw invalidQuery(`'q' has a colon at position ${at + 1} without a field before it.`);
      tokens.push({ kind: 'field', name: text, at: start });
      return at + 1;
    } else text += character;
  }
  const word = WORDS[text as keyof typeof WORDS];
  tokens.push(word ? { kind: word, at: start } : { kind: 'text', text, isQuoted: false, at: start });
  return at;
}

/** Recursive descent: or, and, not, clause. */
class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #place = 0;
  #depth = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  parse(): Query {
    const query = this.#readOr(undefined);
    if (this.#next.kind !== 'end') throw this.#unexpected('the end, AND or OR');
    return query;
  }

  get #next(): Token {
    return this.#tokens[this.#place] ?? { kind: 'end', at: this.#source.length };
  }

  #take(): Token {
    const token = this.#next;
    this.#place += 1;
    return token;
  }

  /** Two clauses side by side are alternatives, as in Lucene. */
  #readOr(field: string | undefined): Query {
    const parts = [this.#readAnd(field)];
    while (this.#next.kind === 'OR' || this.#beginsClause()) {
      if (this.#next.kind === 'OR') this.#take();
      parts.push(this.#readAnd(field));
    }
    return only(parts) ?? { kind: 'or', parts };
  }

  #readAnd(field: string | undefined): Query {
    const parts = [this.#readNot(field)];
    for (;;) {
      // `a NOT b` excludes b, it does not offer it as an alternative.
      if (this.#next.kind === 'AND') this.#take();
      else if (this.#next.kind !== 'NOT') break;
      parts.push(this.#readNot(field));
    }
    return only(parts) ?? { kind: 'and', parts };
  }

  #readNot(field: string | undefined): Query {
    if (this.#next.kind !== 'NOT') return this.#readClause(field);
    this.#take();
    return this.#nest(() => ({ kind: 'not', part: this.#readNot(field) }));
  }

  #readClause(field: string | undefined): Query {
    const token = this.#next;
    if (token.kind === '(') return this.#readGroup(field);
    if (token.kind === 'field') {
      if (field !== undefined) throw this.#unexpected(`a value of ${field}`);
      this.#take();
      return this.#readValue(token.name);
    }
    return field === undefined ? this.#readText(undefined) : this.#readValue(field);
  }

  #readGroup(field: string | undefined): Query {
    this.#take();
    return this.#nest(() => {
      const query = this.#readOr(field);
      if (this.#next.kind !== ')') throw this.#unexpected('a closing parenthesis');
      this.#take();
      return query;
    });
  }

  #readValue(field: string): Query {
    const token = this.#next;
    if (token.kind === '(') return this.#readGroup(field);
    if (token.kind === '[' || token.kind === '{') return this.#readRange(field);
    if (token.kind === 'compare') {
      this.#take();
      const bound = { text: this.#readWord(), isIncluded: token.operator.endsWith('=') };
      const isLower = token.operator.startsWith('>');
      return { kind: 'range', field, from: isLower ? bound : undefined, to: isLower ? undefined : bound };
    }
    if (field === '_exists_') return { kind: 'exists', field: this.#readWord() };
    return this.#readText(field);
  }

  #readRange(field: string): Query {
    const opened = this.#take().kind;
    const from = this.#readWord();
    if (this.#take().kind !== 'TO') {
      this.#place -= 1;
      throw this.#unexpected('TO between the bounds of a range');
    }
    const to = this.#readWord();
    const closed = this.#take().kind;
    if (closed !== ']' && closed !== '}') {
      this.#place -= 1;
      throw this.#unexpected('"]" or "}" after a range');
    }
    const bound = (text: string, isIncluded: boolean): Bound | undefined =>
      text === '*' ? undefined : { text, isIncluded };
    return { kind: 'range', field, from: bound(from, opened === '['), to: bound(to, closed === ']') };
  }

  #readText(field: string | undefined): Query {
    const token = this.#next;
    if (token.kind !== 'text')
      throw this.#unexpected(field === undefined ? 'a field or a value' : `a value of ${field}`);
    this.#take();
    if (!token.isQuoted && /[~^?]|^\//.test(token.text)) {
      throw invalidQuery(
        `'q' has "${token.text}" at position ${token.at + 1}: fuzzy search, boosts, "?" and regular expressions are not understood here. Quote the value to search for these characters.`,
      );
    }
    return { kind: 'match', field, text: token.text, isQuoted: token.isQuoted };
  }

  #readWord(): string {
    const token = this.#next;
    if (token.kind !== 'text') throw this.#unexpected('a value');
    this.#take();
    return token.text;
  }

  #beginsClause(): boolean {
    return ['text', 'field', '('].includes(this.#next.kind);
  }

  #nest(read: () => Query): Query {
    this.#depth += 1;
    if (this.#depth > DEEPEST_NESTING)
      throw invalidQuery(`'q' is nested deeper than ${DEEPEST_NESTING} levels.`);
    const query = read();
    this.#depth -= 1;
    return query;
  }

  #unexpected(expected: string): ManagementError {
    const { kind, at } = this.#next;
    const found = kind === 'end' ? 'the end' : `"${this.#source.slice(at, at + 20)}"`;
    return invalidQuery(`'q' has ${found} at position ${at + 1}, expected ${expected}.`);
  }
}

function only(parts: readonly Query[]): Query | undefined {
  return parts.length === 1 ? parts[0] : undefined;
}
