// Liquid, in which the texts of e-mails are written. The tenant checks a text before anything starts and notify fills it in;
// both come here, so that what passes the check is what is rendered. Templates read no files and no other templates.
import { Liquid } from 'liquidjs';

/** What a text may mention. The first three are Auth0's: Customize Email Templates, `async_approval`. */
export interface MailVariables {
  application: { name: string };
  url: string;
  binding_message: string;
  summary: string;
  expires_at: string;
  friendly_name: string;
  user: { name: string };
}

/** Every variable by its full name, with a value to try a text with. */
const EXAMPLE: MailVariables = {
  application: { name: 'Agent' },
  url: 'https://localhost/bc-verify?consent=cns_example',
  binding_message: 'TRIP-7F2',
  summary: 'Pay 420.00 EUR to Hotel Aurora',
  expires_at: '1 January 2030 at 12:00 UTC',
  friendly_name: 'Bank',
  user: { name: 'Ada Lovelace' },
};
export const MAIL_VARIABLES: readonly string[] = Object.entries(EXAMPLE).flatMap(([name, value]) =>
  typeof value === 'string' ? [name] : Object.keys(value).map((member) => `${name}.${member}`),
);

const RENDER_LIMIT_MS = 200;
const MOST_TRIES = 10;

export type LiquidMistake =
  | { kind: 'broken'; why: string }
  | { kind: 'unknown variable'; variable: string }
  | { kind: 'unused variable'; variable: string };

/** Every value is escaped, unless the template says `| raw`. */
export function renderHtml(template: string, variables: object): string {
  return render(createEngine('escape'), template, variables);
}

export function renderText(template: string, variables: object): string {
  return render(createEngine(undefined), template, variables);
}

/** What is wrong with a template. @param needed variables without which the text is of no use */
export function findLiquidMistakes(template: string, needed: readonly string[] = []): LiquidMistake[] {
  const engine = createEngine(undefined);
  try {
    const used = engine.globalFullVariablesSync(template);
    const unknown = used.filter((name) => !isKnown(name));
    if (unknown.length > 0) return unknown.map((variable) => ({ kind: 'unknown variable', variable }));
    render(engine, template, EXAMPLE);
    return needed
      .filter((name) => !used.includes(name))
      .map((variable) => ({ kind: 'unused variable', variable }));
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return [{ kind: 'broken', why }];
  }
}

/** The limit is one of the clock on the wall: where the computer had other work meanwhile, that is no fault of the text. */
function render(engine: Liquid, template: string, variables: object): string {
  for (let tries = 1; ; tries += 1) {
    const before = process.cpuUsage();
    try {
      return engine.parseAndRenderSync(template, variables);
    } catch (error) {
      const { user, system } = process.cpuUsage(before);
      const hasWorked = (user + system) / 1_000 >= RENDER_LIMIT_MS / 2;
      const isOutOfTime = error instanceof Error && error.message.includes('render limit exceeded');
      if (!isOutOfTime || hasWorked || tries === MOST_TRIES) throw error;
    }
  }
}

/** `application` is known too: a template may ask whether there is one. */
function isKnown(name: string): boolean {
  return MAIL_VARIABLES.some((known) => known === name || known.startsWith(`${name}.`));
}

function createEngine(outputEscape: 'escape' | undefined): Liquid {
  return new Liquid({
    templates: {},
    strictFilters: true,
    strictVariables: true,
    ownPropertyOnly: true,
    // A text of the tenant file cannot hold up the server for long, nor fill it. In characters, milliseconds and, roughly, values.
    parseLimit: 200_000,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: 1_000_000,
    ...(outputEscape === undefined ? {} : { outputEscape }),
  });
}
