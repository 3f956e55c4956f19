// A browser without scripts: keeps cookies, follows redirects while they stay on the server, presses buttons of forms. Where a
// redirect leaves the server, the visit ends and says where it went.
import { type Answer, Exchange } from './exchange.ts';

export interface Visit {
  /** In the address bar; of another server if the last redirect led there. */
  url: URL;
  answer: Answer;
}

const MOST_HOPS = 10;

export class Browser implements AsyncDisposable {
  readonly #cookies = new Map<string, string>();
  readonly #exchange: Exchange;

  constructor(ca: string | undefined) {
    this.#exchange = new Exchange(ca);
  }

  open(address: string): Promise<Visit> {
    return this.#follow(new URL(address));
  }

  /** Presses the first button whose label has these words, with the hidden fields of its form. */
  press({ url, answer }: Visit, label: string): Promise<Visit> {
    for (const [, opening = '', content = ''] of answer.text.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
      for (const [, button = '', text = ''] of content.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)) {
        if (!decode(text.replace(/<[^>]*>/g, ' ')).includes(label)) continue;
        const hidden = [...content.matchAll(/<input type="hidden"([^>]*)>/g)].map(
          ([, input = '']): [string, string] => [attribute(input, 'name'), attribute(input, 'value')],
        );
        const form = new URLSearchParams([
          ...hidden,
          [attribute(button, 'name'), attribute(button, 'value')],
        ]);
        return this.#follow(new URL(attribute(opening, 'action'), url), form.toString());
      }
    }
    throw new Error(`no button "${label}" on ${url.pathname}: ${answer.status} ${answer.text.slice(0, 400)}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#exchange[Symbol.asyncDispose]();
  }

  async #follow(start: URL, form?: string): Promise<Visit> {
    let [url, body] = [start, form];
    for (let hop = 0; hop < MOST_HOPS; hop += 1) {
      const answer = await this.#exchange.send(url.href, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'text/html',
          cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                origin: url.origin,
                'sec-fetch-site': 'same-origin',
              }),
        },
        body,
      });
      this.#keep(answer);
      const { location } = answer.headers;
      if (location === undefined) return { url, answer };
      url = new URL(String(location), url);
      if (url.host !== start.host) return { url, answer };
      body = undefined;
    }
    throw new Error(`more than ${MOST_HOPS} redirects from ${start.pathname}`);
  }

  /** One server and one visit: paths and ages of cookies are of no concern. */
  #keep(answer: Answer): void {
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      const isGone = /expires=thu, 01 jan 1970/i.test(line);
      if (isGone) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}

function attribute(attributes: string, name: string): string {
  return decode(new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function decode(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&amp;', '&');
}
