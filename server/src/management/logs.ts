// /logs: what happened in the tenant, as Auth0 would have told it. auth0: Management API, Logs; Log Event Type Codes.
import { z } from 'zod';
import type { LogEntry } from '../contract/index.ts';
import { text } from './entity.ts';
import { searchItems, sortItems } from './list-search.ts';
import { fieldsQuerySchema, listOf, listQuery, pickFields } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent } from './management-error.ts';

/** Where a value without a field is looked for. */
const SEARCHED_FIELDS = ['type', 'description', 'client_name', 'user_name', 'user_id', 'client_id'];
const SCOPES = ['read:logs', 'read:logs_users'];

const logsQuerySchema = z.object({
  ...listQuery,
  q: text.optional(),
  /** The older name of `q`. */
  search: text.optional(),
  sort: text.optional(),
});

export const logRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/logs',
    scopes: SCOPES,
    purpose: 'search the log of the tenant',
    answer: listLogs,
  },
  {
    method: 'GET',
    path: '/logs/:id',
    scopes: SCOPES,
    purpose: 'read one entry of the log',
    answer: async (call) => {
      const query = call.query(fieldsQuerySchema);
      const id = call.parameter('id');
      await call.tenant.tenantLog.caughtUp();
      const entry = call.tenant.tenantLog.list().find(({ log_id: logId }) => logId === id);
      if (!entry) throw inexistent('log', 'The log entry does not exist, or is too old to be kept');
      return pickFields(entry, query);
    },
  },
];

/** auth0: with a checkpoint, oldest first from there on; otherwise newest first, unless `sort` says so. */
async function listLogs(call: ManagementCall): Promise<unknown> {
  const query = call.query(logsQuerySchema);
  await call.tenant.tenantLog.caughtUp();
  const entries = searchItems(call.tenant.tenantLog.list(), query.q ?? query.search, SEARCHED_FIELDS);
  const options = { name: 'logs', idOf: (entry: LogEntry) => entry.log_id };
  if (query.from !== undefined || query.take !== undefined) {
    const begin = entries.filter(({ log_id: id }) => query.from === undefined || id > query.from);
    return begin.slice(0, query.take ?? 50).map((entry) => pickFields(entry, query));
  }
  const { sort = 'date:-1', ...paging } = query;
  // Sorting is stable: of what happened at the same instant, the order of the log counts.
  const inOrder = sort.endsWith(':-1') ? entries.toReversed() : entries;
  return listOf(sortItems(inOrder, sort), { ...paging, page: paging.page ?? 0 }, options);
}
