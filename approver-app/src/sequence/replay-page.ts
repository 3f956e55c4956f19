// The page that replays without a server, as the build left it. It waits for a story.

const ADDRESS = '/approve/replay-page.txt';

/** @throws where the server does not answer, or has none */
export async function fetchReplayPage(): Promise<string> {
  const response = await fetch(ADDRESS, { credentials: 'omit' });
  if (!response.ok) throw new Error(`${ADDRESS}: ${response.status}`);
  return response.text();
}
