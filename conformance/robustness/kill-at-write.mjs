// Loaded into a server by `node --import`: ends it, as `kill -9` does, at one of the writes to its data file, counted from the first
// one in which a mark appears. So a flow meets its end at each of its steps, and not only where chance has it. Which one it is says
// a file in the folder of the server, that comes and goes while it runs, see `trap.ts`. Of the server itself nothing is replaced:
// what is watched is Node's own SQLite.
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';

const file = resolve('kill-plan.json');
let planned = '';
let plan;
let isMarked = false;
let writes = 0;
let isInTransaction = false;

/** Counts anew when there is another plan. */
function readPlan() {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // There is none.
  }
  if (text === planned) return;
  planned = text;
  plan = text === '' ? undefined : JSON.parse(text);
  isMarked = false;
  writes = 0;
}

/** Around each write that is durable when it returns. */
function durably(write) {
  if (isMarked) writes += 1;
  const isDue = isMarked && writes === plan.step;
  if (isDue && plan.when === 'before') end();
  const result = write();
  if (isDue && plan.when === 'after') end();
  return result;
}

/** Whoever is started again is not meant, and nobody is where the plan was taken back meanwhile. */
function end() {
  try {
    rmSync(file);
  } catch (cause) {
    if (cause.code === 'ENOENT') return;
    throw cause;
  }
  process.kill(process.pid, 'SIGKILL');
}

const { run } = StatementSync.prototype;
StatementSync.prototype.run = function (...values) {
  readPlan();
  isMarked ||=
    plan !== undefined && values.some((value) => typeof value === 'string' && value.includes(plan.mark));
  const write = () => run.apply(this, values);
  return isInTransaction ? write() : durably(write);
};

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  readPlan();
  isMarked ||= plan !== undefined && sql.includes(plan.mark);
  const write = () => exec.call(this, sql);
  if (sql === 'BEGIN') isInTransaction = true;
  if (sql !== 'COMMIT') {
    if (sql === 'ROLLBACK') isInTransaction = false;
    return write();
  }
  isInTransaction = false;
  return durably(write);
};
