// A browser without scripts: keeps cookies as RFC 6265 says, follows redirects while they stay on this server, presses
// buttons of forms. Where a redirect leaves the server, the visit ends and says where it went.
import { type Answer, call } from './http-call.ts';

interface Cookie {
  name: string;
  value: string;
  path: string;
  /** Attributes as they were sent, in lower case. */
  attributes: readonly string[];
}

export class Browser {
  readonly cookies = new Map<string, Cookie>();
  readonly #ca: string | undefined;

  constructor(options: { ca?: string | undefined } = {}) {
    this.#ca = options.ca;
  }

  /** Types an address. */
  open(address: string | URL): Promise<Visit> {
    return this.#follow({ url: new URL(address), method: 'GET' });
  }

  /** Sends a form as a page at `from` would. `headers` overwrites what a browser adds by itself. */
  submit(
    address: string | URL,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Visit> {
    const url = new URL(address);
    return this.#follow({
      url,
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: url.origin,
        'Sec-Fetch-Site': 'same-origin',
        ...headers,
      },
    });
  }

  async #follow(request: {
    url: URL;
    method: string;
    body?: string;
    headers?: Readonly<Record<string, string>>;
  }): Promise<Visit> {
    let { url, method, body, headers = {} } = request;
    const { host } = url;
    const locations: string[] = [];
    for (let hop = 0; hop < 10; hop++) {
      const answer = await call(url.href, {
        method,
        headers: {
          Accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
          Cookie: this.#cookiesFor(url),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        ...(this.#ca === undefined ? {} : { ca: this.#ca }),
      });
      this.#store(answer);
      const { location } = answer.headers;
      if (location === undefined) return new Visit(this, url, answer, locations);
      locations.push(location);
      url = new URL(location, url);
      if (url.host !== host) return new Visit(this, url, answer, locations);
      [method, body, headers] = ['GET', undefined, {}];
    }
    throw new Error(`more than ten redirects: ${locations.join(' → ')}`);
  }

  #cookiesFor(url: URL): string {
    return [...this.cookies.values()]
      .filter(
        ({ path }) =>
          url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
      )
      .filter(({ attributes }) => !attributes.includes('secure') || url.protocol === 'https:')
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #store(answer: Answer): void {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = '', ...attributes] = line.split(/; */);
      const [name = '', ...value] = pair.split('=');
      const lowerCase = attributes.map((attribute) => attribute.toLowerCase());
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
      const key = `${name} ${path}`;
      const isGone = lowerCase.some((attribute) => attribute === 'expires=thu, 01 jan 1970 00:00:00 gmt');
      if (isGone) this.cookies.delete(key);
      else this.cookies.set(key, { name, value: value.join('='), path, attributes: lowerCase });
    }
  }
}

/** Where a browser has arrived. */
export class Visit {
  readonly #browser: Browser;
  /** The address in the address bar; of another server if the last redirect led there. */
  readonly url: URL;
  readonly #answer: Answer;
  /** Values of the Location headers on the way. */
  readonly locations: readonly string[];

  constructor(browser: Browser, url: URL, answer: Answer, locations: readonly string[]) {
    this.#browser = browser;
    this.url = url;
    this.#answer = answer;
    this.locations = locations;
  }

  get status(): number {
    return this.#answer.status;
  }

  get headers(): Answer['headers'] {
    return this.#answer.headers;
  }

  /** The page's markup. */
  get markup(): string {
    return this.#answer.text;
  }

  /** What a person reads, without markup. */
  get text(): string {
    const body = /<main>([\s\S]*)<\/main>/.exec(this.markup)?.[1] ?? this.markup;
    return decode(body.replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim();
  }

  get heading(): string {
    const heading = /<h1[^>]*>(.*?)<\/h1>/.exec(this.markup)?.[1] ?? '';
    return decode(heading.replace(/<[^>]*>/g, ''));
  }

  /** Presses the button with that label, after filling the fields of its form. Hidden fields go along, as in a browser. */
  press(label: string, fields: Readonly<Record<string, string>> = {}): Promise<Visit> {
    const { action, sent } = this.#findButton(label);
    return this.#browser.submit(new URL(action, this.url), { ...sent, ...fields });
  }

  /** What pressing that button would send, and where to. */
  formOf(label: string): { address: URL; fields: Readonly<Record<string, string>> } {
    const { action, sent } = this.#findButton(label);
    return { address: new URL(action, this.url), fields: sent };
  }

  #findButton(label: string): { action: string; sent: Record<string, string> } {
    const forms = [...this.markup.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].map(
      ([whole, attributes = '', content = '']) => ({ whole, attributes, content }),
    );
    const buttons = [...this.markup.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)].flatMap(
      ([whole, attributes = '', content = '']) => {
        const owner = attributeOf(attributes, 'form');
        const form = forms.find((one) =>
          owner === '' ? one.whole.includes(whole) : attributeOf(one.attributes, 'id') === owner,
        );
        const text = decode(content.replace(/<[^>]*>/g, ' ')).trim();
        return form === undefined ? [] : [{ form, attributes, text }];
      },
    );
    const button =
      buttons.find(({ text }) => text === label) ?? buttons.find(({ text }) => text.includes(label));
    if (!button) throw new Error(`no button "${label}" on: ${this.text}`);
    const hidden = [...button.form.content.matchAll(/<input type="hidden"([^>]*)>/g)].map(
      ([, attributes = '']) => [attributeOf(attributes, 'name'), attributeOf(attributes, 'value')],
    );
    return {
      action: attributeOf(button.form.attributes, 'action'),
      sent: {
        ...Object.fromEntries(hidden),
        [attributeOf(button.attributes, 'name')]: attributeOf(button.attributes, 'value'),
      },
    };
  }

  /** Follows the link with that label. */
  click(label: string): Promise<Visit> {
    for (const [, href = '', content = ''] of this.markup.matchAll(/<a href="([^"]*)">(.*?)<\/a>/g)) {
      if (content.includes(label)) return this.#browser.open(new URL(decode(href), this.url));
    }
    throw new Error(`no link "${label}" on: ${this.text}`);
  }

  /** Value that a field of the page starts with. */
  valueOf(field: string): string | undefined {
    const input = new RegExp(`<input[^>]* name="${field}"[^>]*>`).exec(this.markup)?.[0];
    return input === undefined ? undefined : attributeOf(input, 'value');
  }
}

function attributeOf(attributes: string, name: string): string {
  return decode(new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function decode(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
