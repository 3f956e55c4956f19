// Who is logged in.
import { auth0 } from '../auth0.js';

export default async function Page() {
  const session = await auth0.getSession();
  if (!session) return <a href="/auth/login">Log in</a>;
  return (
    <main>
      <h1>Hello {session.user.name}</h1>
      <p>{session.user.sub}</p>
      {/* A plain link: the answer leads to another host. */}
      <a href="/auth/logout">Log out</a>
    </main>
  );
}
