// Markup for pages. Whatever is put into a template is escaped; only other markup is taken as it is.

/** Text that is safe to send to a browser. Made by `html` alone. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes. `undefined` and `false` leave nothing behind. */
export type MarkupPart = Markup | string | undefined | false | readonly MarkupPart[];

/**
 * A template of a page.
 *
 * @example html`<p>${user.name}</p>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  return new Markup(strings.map((text, index) => text + textOf(parts[index])).join(''));
}

function textOf(part: MarkupPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  return typeof part === 'string' ? escapeHtml(part) : part.map(textOf).join('');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
