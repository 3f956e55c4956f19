// What a person sees of the device flow: enter a code, confirm it, done. Plain forms that work without scripts.
import { html, type Markup } from '../pages/index.ts';

export function codePage(content: {
  action: string;
  typed: string | undefined;
  problem: string | undefined;
}): Markup {
  const { action, typed, problem } = content;
  return html`<div>
<h1>Connect a device</h1>
<p class="lead">Enter the code that the device shows.</p>
</div>
<form method="post" action="${action}">
<div class="fields">
${problem !== undefined && html`<p class="note note--danger" role="alert" id="problem">${problem}</p>`}
<div class="field">
<label for="code">Code</label>
<input id="code" name="user_code" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="40" value="${typed ?? ''}"${problem !== undefined && html` aria-invalid="true" aria-describedby="problem" autofocus`}>
</div>
<button class="btn" name="action" value="default">Continue</button>
</div>
</form>`;
}

export function confirmPage(content: {
  action: string;
  csrf: string;
  client: string;
  userCode: string;
  userName: string;
}): Markup {
  const { action, csrf, client, userCode, userName } = content;
  return html`<div>
<h1>Is this your device?</h1>
<p class="lead"><bdi>${client}</bdi> will be logged in as <bdi>${userName}</bdi>.</p>
</div>
<dl class="facts"><div><dt>Code</dt><dd>${userCode}</dd></div></dl>
<p class="note">Confirm only if you see this code on a device in front of you. Somebody who sent you a link may want to be logged in as you.</p>
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="user_code" value="${userCode}">
<div class="fields">
<button class="btn" name="action" value="confirm">Confirm</button>
<button class="btn" name="action" value="cancel">Cancel</button>
</div>
</form>`;
}

export function outcomePage({ client, isConnected }: { client: string; isConnected: boolean }): Markup {
  return isConnected
    ? html`<div>
<h1>The device is connected</h1>
<p class="lead"><bdi>${client}</bdi> goes on by itself. You can close this page.</p>
</div>`
    : html`<div>
<h1>Nothing was connected</h1>
<p class="lead"><bdi>${client}</bdi> is told that it may not log in. You can close this page.</p>
</div>`;
}
