// One connection that is kept open and has one call in flight, as a client of its own would.
import { Client } from 'undici';

export interface Reply {
  status: number;
  text: string;
  location: string;
}

export class Connection {
  readonly #client: Client;

  constructor(url: string) {
    this.#client = new Client(url, { pipelining: 1 });
  }

  post(path: string, body: string, type = 'application/x-www-form-urlencoded'): Promise<Reply> {
    return this.send('POST', path, { 'content-type': type }, body);
  }

  async send(
    method: 'GET' | 'POST',
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Reply> {
    const answer = await this.#client.request({
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const { location } = answer.headers;
    return {
      status: answer.statusCode,
      text: await answer.body.text(),
      location: typeof location === 'string' ? location : '',
    };
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
