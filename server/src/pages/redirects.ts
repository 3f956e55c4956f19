// Where an answer sends a browser on. Koa writes a page for it, which nobody reads and which would need a policy as every page
// does; a line of text needs none. Called for each Koa application that answers browsers, once.
import type Koa from 'koa';

export function redirectInPlainText({ response }: Pick<Koa, 'response'>): void {
  const { redirect } = response;
  response.redirect = function redirectWithoutPage(url) {
    redirect.call(this, url);
    this.type = 'text/plain';
    this.body = `Redirecting to ${this.get('Location')}\n`;
  };
}
