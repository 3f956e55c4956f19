// The part of a LangGraph server that an agent's own programs use, around a real graph: threads, runs that are waited for,
// and the search for threads that are interrupted. What asks it is the real `@langchain/langgraph-sdk`.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { Command } from '@langchain/langgraph';
import { Client } from '@langchain/langgraph-sdk';

type ThreadConfig = { configurable: { thread_id: string } };

/** What is used of a compiled graph, whatever its state. */
interface Graph {
  invoke(input: unknown, config: ThreadConfig): Promise<unknown>;
  getState(config: ThreadConfig): Promise<{
    tasks: ReadonlyArray<{ id: string; interrupts: readonly unknown[] }>;
  }>;
}

interface GraphServer extends AsyncDisposable {
  readonly client: Client;
}

/** What a run is started with. LangGraph Server API, "Create Run, Wait for Output". */
interface RunRequest {
  readonly input?: unknown;
  readonly command?: { readonly resume?: unknown };
}

export async function startGraphServer(graph: Graph, graphId: string): Promise<GraphServer> {
  const threadIds: string[] = [];
  const configOf = (threadId: string): ThreadConfig => ({ configurable: { thread_id: threadId } });

  const describeThread = async (threadId: string) => {
    const { tasks = [] } = await graph.getState(configOf(threadId));
    const interrupted = tasks.filter((task) => task.interrupts.length > 0);
    return {
      thread_id: threadId,
      status: interrupted.length > 0 ? 'interrupted' : 'idle',
      metadata: { graph_id: graphId },
      config: configOf(threadId),
      interrupts: Object.fromEntries(interrupted.map((task) => [task.id, task.interrupts])),
    };
  };

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const body = Object(await json(request));
    const [, threadId] = /^\/threads\/([^/]+)\/runs\/wait$/.exec(request.url ?? '') ?? [];
    if (threadId !== undefined) {
      const { input, command }: RunRequest = body;
      const start = command ? new Command({ resume: command.resume }) : (input ?? null);
      return graph.invoke(start, configOf(threadId));
    }
    if (request.url === '/threads/search') {
      const threads = await Promise.all(threadIds.map(describeThread));
      return threads.filter(({ status }) => status === body.status).slice(body.offset);
    }
    if (request.url !== '/threads') throw new Error(`nothing is at ${request.url}`);
    const id = randomUUID();
    threadIds.push(id);
    return { thread_id: id };
  };

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('expected a TCP port');
  return {
    client: new Client({
      apiUrl: `http://127.0.0.1:${address.port}`,
      callerOptions: { maxRetries: 0 },
    }),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
