// One HTTP call over connections that are kept, for programs that call thousands of times.
import { type Agent, request as requestOverHttp } from 'node:http';
import { text } from 'node:stream/consumers';

interface JsonAnswer {
  status: number;
  json: Record<string, unknown>;
}

type KeptCall = (method: 'GET' | 'POST', path: string, form?: Record<string, string>) => Promise<JsonAnswer>;

export function requestOver(agent: Agent, url: string): KeptCall {
  return (method, path, form) =>
    new Promise((resolve, reject) => {
      const request = requestOverHttp(url + path, { method, agent }, (response) => {
        text(response).then(
          (content) => resolve({ status: response.statusCode ?? 0, json: JSON.parse(content) }),
          reject,
        );
      });
      request.on('error', reject);
      if (form) request.setHeader('Content-Type', 'application/x-www-form-urlencoded');
      request.end(form && new URLSearchParams(form).toString());
    });
}
