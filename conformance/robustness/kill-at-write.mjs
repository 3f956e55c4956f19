// Loaded into a server by `node --import`: ends it, as `kill -9` does, at one of the writes to its data file, counted from the first
// one in which a mark appears. So a flow meets its end at each of its steps, and not only where chance has it. Of the server
// itself nothing is replaced: what is watched is Node's own SQLite.
import { DatabaseSync, StatementSync } from 'node:sqlite';

const { KILL_MARK: mark = '', KILL_AT: at = '', KILL_WHEN: when = '' } = process.env;
let isMarked = false;
let writes = 0;
let isInTransaction = false;

/** Around each write that is durable when it returns. */
function durably(write) {
  if (isMarked) writes += 1;
  const isDue = isMarked && writes === Number(at);
  if (isDue && when === 'before') end();
  const result = write();
  if (isDue && when === 'after') end();
  return result;
}

function end() {
  process.kill(process.pid, 'SIGKILL');
}

const { run } = StatementSync.prototype;
StatementSync.prototype.run = function (...values) {
  isMarked ||= values.some((value) => typeof value === 'string' && value.includes(mark));
  const write = () => run.apply(this, values);
  return isInTransaction ? write() : durably(write);
};

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  const write = () => exec.call(this, sql);
  if (sql === 'BEGIN') isInTransaction = true;
  if (sql !== 'COMMIT') {
    if (sql === 'ROLLBACK') isInTransaction = false;
    return write();
  }
  isInTransaction = false;
  return durably(write);
};
