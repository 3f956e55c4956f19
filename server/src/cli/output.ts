// The only file of the command that writes. Data goes to stdout and everything else to stderr, so that a script can take
// the one and a person still reads the other.
import { styleText } from 'node:util';
import { Problem } from '../problem.ts';
import { nameOwnPages } from './own-pages.ts';

export type Format = 'text' | 'json' | 'ndjson';

/** What a piece of text means. Colour never carries meaning alone. */
export type Style = 'title' | 'quiet' | 'address' | 'good' | 'bad' | 'warning' | 'code';
export type Paint = (style: Style, text: string) => string;

export const paintNothing: Paint = (_style, text) => text;

const FORMATS: Readonly<Record<Style, Parameters<typeof styleText>[0]>> = {
  code: ['black', 'bgWhiteBright'],
  title: 'bold',
  quiet: 'dim',
  address: 'cyan',
  good: 'green',
  bad: 'red',
  warning: 'yellow',
};

export interface Streams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

export interface Terminal {
  /** One piece of the result, for people or programs. Ends the line. */
  data(text: string): void;
  /** Something to know, for people only. Ends the line. */
  note(text: string): void;
  /** The same, in the place of the note `former` if that is still the last line. Only where `canRewrite`. */
  rewriteNote(former: string, text: string): void;
  clear(): void;
  /** Colours for `data` and for `note`; none where the stream is no terminal, or with NO_COLOR. */
  paintData: Paint;
  paintNote: Paint;
  canRewrite: boolean;
  /** Somebody sits there and can press keys: both ends are a terminal, and it is not CI. */
  isInteractive: boolean;
  /** Width of the terminal that shows notes, in characters; undefined where they go elsewhere. */
  columns: number | undefined;
}

/** styleText knows NO_COLOR, FORCE_COLOR and whether the stream is a terminal; finding out costs more than a line, so it is asked once. */
function paintFor(stream: NodeJS.WriteStream): Paint {
  let takesColours: boolean | undefined;
  return (style, text) => {
    takesColours ??= styleText('bold', 'x', { stream }) !== 'x';
    return takesColours ? styleText(FORMATS[style], text, { stream }) : text;
  };
}

export function createTerminal(
  { stdin, stdout, stderr }: Streams,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isInteractive = Boolean(stdin.isTTY && stderr.isTTY) && !env['CI'];
  let lastNote = '';
  const note = (text: string): void => {
    lastNote = text;
    stderr.write(`${text}\n`);
  };
  return {
    data: (text) => void stdout.write(`${text}\n`),
    note,
    rewriteNote(former, text) {
      if (former === lastNote) stderr.write('\u001b[1A\u001b[2K');
      note(text);
    },
    clear: () => void stderr.write('\u001b[2J\u001b[3J\u001b[H'),
    paintData: paintFor(stdout),
    paintNote: paintFor(stderr),
    canRewrite: isInteractive,
    isInteractive,
    columns: stderr.isTTY ? stderr.columns : undefined,
  };
}

/**
 * Notes are for people and end nothing when nobody reads them. Whether lost data ends the command is for `onDataLost` to say;
 * it is told once.
 */
export function watchStreams(
  { stdout, stderr }: Streams,
  onDataLost: (why: NodeJS.ErrnoException) => void,
): void {
  let isLost = false;
  stderr.on('error', () => undefined);
  stdout.on('error', (why: NodeJS.ErrnoException) => {
    if (!isLost) onDataLost(why);
    isLost = true;
  });
}

/** Characters that would steer a terminal or change the order of reading, from whoever wrote the text. */
const STEERING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Most texts have nothing else, and need no look at each of their signs. */
const PLAIN = /^[ -~]*$/;

/** Text of others, safe to show: what would steer the terminal is spelt out. */
export function showText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(STEERING, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** How a failure reads: what happened, what to type next. Its first line alone is enough. */
export function formatFailure(
  error: unknown,
  format: Format,
  paint: Paint,
  { commandName, folder }: { commandName: string; folder: string },
): string {
  if (format !== 'text') {
    const { code, message, hint, findings } = error instanceof Problem ? error : describeUnexpected(error);
    return JSON.stringify({ error: { code, message, hint, findings } });
  }
  if (!(error instanceof Problem)) {
    const { message } = describeUnexpected(error);
    return `\n  ${paint('bad', 'Something broke:')} ${message}\n`;
  }
  const findings = error.findings
    .filter((finding) => !error.message.includes(finding))
    .map((finding) => `    ${showText(finding)}`);
  const hint = error.hint && nameOwnPages(nameCommand(error.hint, commandName), folder);
  const hints = hint === undefined ? [] : hint.split('\n');
  return [
    '',
    `  ${paint('bad', showText(error.message))}`,
    ...findings,
    ...hints.map((hint) => `  ${hint}`),
    '',
  ].join('\n');
}

function describeUnexpected(error: unknown) {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'unexpected', message, hint: undefined, findings: [] };
}

/** Hints say `assent …`; inside a clone that must be typed as `npx assent …`. */
function nameCommand(hint: string, commandName: string): string {
  return hint.replace(/(^|\s)assent(?=\s|$)/gm, `$1${commandName}`);
}
