// Text for a shell or a program, made of what is known and of what the reader fills in: secrets are variables, never text. Pure.

/** Text as it is, and names of variables of the environment. */
export type Piece = string | { variable: string };

/** One word for a POSIX shell: nothing in it is interpreted but the variables. */
export function shellWord(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? shellText(piece) : `"$${piece.variable}"`))
    .filter((part) => part !== '')
    .join('');
}

/** POSIX.1 §2.2.2: within single quotes every character stands for itself, so a single quote has to step outside. */
function shellText(text: string): string {
  if (text === '') return '';
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A JavaScript expression. */
export function scriptValue(pieces: readonly Piece[]): string {
  const parts = pieces.map((piece) =>
    typeof piece === 'string' ? scriptText(piece) : `process.env.${piece.variable}`,
  );
  return parts.length === 0 ? "''" : parts.join(' + ');
}

export function scriptText(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}

/** A name of a member, quoted only where it must be. */
export function scriptName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : scriptText(name);
}

/** JSON as JavaScript source, indented. `__proto__` would set the prototype, so its name is computed. */
export function scriptJson(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${scriptJson(item, inner)},`).join('\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    if (members.length === 0) return '{}';
    const lines = members.map(([name, member]) => {
      const key = name === '__proto__' ? `['__proto__']` : scriptName(name);
      return `${inner}${key}: ${scriptJson(member, inner)},`;
    });
    return `{\n${lines.join('\n')}\n${indent}}`;
  }
  return typeof value === 'string' ? scriptText(value) : JSON.stringify(value);
}

/** Under which variable a parameter is looked for. The first ones are those that `assent env` writes. */
const VARIABLES: Readonly<Record<string, string>> = {
  client_id: 'AUTH0_CLIENT_ID',
  client_secret: 'AUTH0_CLIENT_SECRET',
};

export function variableOf(parameter: string): string {
  return (
    VARIABLES[parameter] ?? (parameter.toUpperCase().replaceAll(/\W+/g, '_').replace(/^\d/, '_$&') || '_')
  );
}
