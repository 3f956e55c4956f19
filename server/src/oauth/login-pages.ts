// The two pages on which a person says who they are. Plain forms that work without JavaScript. The names of the fields are
// those of Auth0's pages, so that a browser test written against them finds its way.
import { SHORTEST_PASSWORD, type UserConfig } from '../contract/index.ts';
import { html, type Markup } from '../pages/index.ts';

export interface LoginPageContent {
  /** Name of the application that wants the login. */
  client: string;
  /** Where the forms go: this page's own address. */
  action: string;
  /** Address of the sign-up page; undefined where it is closed. */
  signUp: string | undefined;
  people: readonly UserConfig[];
  /** Whom the application expects (`login_hint`), or who is logged in already. */
  expected: UserConfig | undefined;
  /** For the e-mail field. */
  email: string | undefined;
  /** What was wrong with the form that was sent. */
  problem: string | undefined;
}

export function loginPage(content: LoginPageContent): Markup {
  const { client, action, signUp, people, expected, email, problem } = content;
  const others = people.filter((person) => person.user_id !== expected?.user_id);
  const ordered = expected === undefined ? others : [expected, ...others];
  return html`<div>
<h1>Log in</h1>
<p class="lead">to continue to ${client}</p>
</div>
${
  ordered.length > 0 &&
  html`<form method="post" action="${action}">
<h2 id="people">As one of these people</h2>
<ul class="people" aria-labelledby="people">
${ordered.map((person) => html`<li>${personButton(person)}</li>\n`)}</ul>
</form>`
}
<form method="post" action="${action}">
<h2>${ordered.length > 0 ? 'Or with a password' : 'With e-mail and password'}</h2>
<div class="fields">
${problemNote(problem)}
<div class="field">
<label for="username">E-mail</label>
<input id="username" name="username" type="email" autocomplete="username" required value="${email ?? ''}"${invalid(problem)}>
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${invalid(problem)}${problem !== undefined && html` autofocus`}>
</div>
<button class="btn" name="action" value="default">Log in</button>
</div>
</form>
${signUp !== undefined && html`<p class="other"><a href="${signUp}">Sign up</a></p>`}`;
}

export interface SignUpPageContent {
  client: string;
  action: string;
  /** Address of the login page. */
  logIn: string;
  name: string | undefined;
  email: string | undefined;
  problem: { field: 'email' | 'password'; text: string } | undefined;
}

export function signUpPage(content: SignUpPageContent): Markup {
  const { client, action, logIn, name, email, problem } = content;
  const invalidField = (field: 'email' | 'password') =>
    invalid(problem?.field === field ? problem.text : undefined);
  return html`<div>
<h1>Sign up</h1>
<p class="lead">to continue to ${client}</p>
</div>
${problemNote(problem?.text)}
<form method="post" action="${action}">
<div class="fields">
<div class="field">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="email" required value="${email ?? ''}"${invalidField('email')}${problem?.field === 'email' && html` autofocus`}>
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="${String(SHORTEST_PASSWORD)}" aria-describedby="password-rule${problem?.field === 'password' && ' problem'}"${problem?.field === 'password' && html` aria-invalid="true" autofocus`}>
<small id="password-rule">At least ${String(SHORTEST_PASSWORD)} characters. Invent one: it is kept in clear until the server stops.</small>
</div>
<div class="field">
<label for="name">Name (optional)</label>
<input id="name" name="name" autocomplete="name" maxlength="100" value="${name ?? ''}">
</div>
<button class="btn" name="action" value="default">Sign up</button>
</div>
</form>
<p class="other"><a href="${logIn}">Log in instead</a></p>`;
}

function personButton(person: UserConfig): Markup {
  const { user_id, name, email } = person;
  return html`<button class="person" name="user_id" value="${user_id}"><span class="tile" aria-hidden="true">${initials(name)}</span><span><b><span class="vh">Log in as </span><bdi>${name}</bdi></b><small>${email ?? user_id}</small></span></button>`;
}

function problemNote(problem: string | undefined): Markup | undefined {
  return problem === undefined
    ? undefined
    : html`<p class="note note--danger" role="alert" id="problem">${problem}</p>`;
}

/** A field that the note above explains. */
function invalid(problem: string | undefined): Markup | undefined {
  return problem === undefined ? undefined : html` aria-invalid="true" aria-describedby="problem"`;
}

/** First letters of the first and the last word. */
function initials(name: string): string {
  const words = name.split(/[\s@]+/).filter((word) => word !== '');
  return [words.at(0), words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
