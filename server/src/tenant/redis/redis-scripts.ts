// What must happen in one step, as scripts: Redis runs each as a whole, with nobody in between. KEYS[1] begins the name of every
// key of the tenant, and carries its name as a hash tag, so that all of them lie in one slot of a cluster.
//
//   doc:COLLECTION:ID            version, end, sequence, ids of the last writes, index entries, and the JSON, one line each
//   order:COLLECTION             ids by sequence                    idx:COLLECTION:KEY:VALUE   ids of documents with that member
//   expiry                       what ends, by its end               indexes                    the members that are indexed
//   generation                   how often all documents have been replaced; whoever writes says which of these it knows
//   filler                       who has replaced them last: a process, by the filling that it replaced first
//   gone:COLLECTION:ID           id of the write that removed it, for a minute
//   journal:NAME, …:meta, …:from:PROCESS                             a stream, its counters, and what is in it from whom
//
// A write has an id of its own. One whose answer was lost is sent again, and recognised: it succeeds once.
import { type RedisScript, scriptOf } from './redis-connection.ts';

/**
 * Redis forgets a document this long after its end, at the latest: the tenant's clock says when it has ended, and may stand still. It
 * does not forget what points there, so processes that come back after a weekend still have it to sweep.
 */
const KEPT_AFTER_END_MS = 7 * 24 * 3_600_000;
const LONGEST_TTL_MS = 315_360_000_000;

const PRELUDE = `
local P = KEYS[1]
local function parse(doc)
  local v, e, s, w, x, at = string.match(doc, '^(%d+)\\n([^\\n]*)\\n(%d+)\\n([^\\n]*)\\n([^\\n]*)\\n()')
  return tonumber(v), e, s, w, x, at
end
local function isOver() return (redis.call('GET', P .. 'generation') or '0') ~= ARGV[#ARGV] end
local function isDead(e, now) return e ~= '' and tonumber(e) <= now end
local function keyOf(coll, id) return P .. 'doc:' .. coll .. ':' .. id end
local function isListed(list, w) return string.find(',' .. list .. ',', ',' .. w .. ',', 1, true) ~= nil end
local function unindex(coll, x, id)
  for entry in string.gmatch(x, '[^\\t]+') do redis.call('ZREM', P .. 'idx:' .. coll .. ':' .. entry, id) end
end
local function index(coll, x, id, s)
  for entry in string.gmatch(x, '[^\\t]+') do redis.call('ZADD', P .. 'idx:' .. coll .. ':' .. entry, s, id) end
end
local function drop(coll, id, e, x)
  redis.call('DEL', keyOf(coll, id))
  redis.call('ZREM', P .. 'order:' .. coll, id)
  unindex(coll, x, id)
  if e ~= '' then redis.call('ZREM', P .. 'expiry', coll .. ':' .. id) end
end
local function put(coll, id, now, v, e, s, w, x, json)
  local doc = string.format('%.0f', v) .. '\\n' .. e .. '\\n' .. s .. '\\n' .. w .. '\\n' .. x .. '\\n' .. json
  if e == '' then
    redis.call('SET', keyOf(coll, id), doc)
  else
    local ttl = math.min(${LONGEST_TTL_MS}, math.max(1, math.ceil(tonumber(e) - now) + ${KEPT_AFTER_END_MS}))
    redis.call('SET', keyOf(coll, id), doc, 'PX', string.format('%.0f', ttl))
    redis.call('ZADD', P .. 'expiry', e, coll .. ':' .. id)
  end
end
local function create(coll, id, now, v, e, w, x, json)
  local s = string.format('%.0f', redis.call('INCR', P .. 'sequence'))
  put(coll, id, now, v, e, s, w, x, json)
  redis.call('ZADD', P .. 'order:' .. coll, s, id)
  index(coll, x, id, s)
  redis.call('SADD', P .. 'collections', coll)
end
local function documentsOf(ids, coll, into)
  for from = 1, #ids, 500 do
    local keys = {}
    for at = from, math.min(from + 499, #ids) do keys[#keys + 1] = keyOf(coll, ids[at]) end
    local docs = redis.call('MGET', unpack(keys))
    for at = 1, #keys do
      if docs[at] then
        into[#into + 1] = ids[from + at - 1]
        into[#into + 1] = docs[at]
      end
    end
  end
  return into
end
`;

function script(text: string, options?: { isLong: boolean }): RedisScript {
  return scriptOf(PRELUDE + text, options);
}

/** Answer of a write by somebody who does not know of all indexes. */
export const UNKNOWN_INDEX = -1;

/** Answer of a write by somebody for whom the documents are still those before a refill. */
export const OVER = -2;

/** collection, id, now, end, index entries, how many indexes are known, JSON, id of the write, generation → 1 or 0 */
export const INSERT: RedisScript = script(`
local coll, id, now, e, x, known, json, w = unpack(ARGV)
now = tonumber(now)
if isOver() then return ${OVER} end
if redis.call('HLEN', P .. 'indexes') ~= tonumber(known) then return ${UNKNOWN_INDEX} end
local found = redis.call('GET', keyOf(coll, id))
if found then
  local _, fe, _, fw, fx = parse(found)
  if not isDead(fe, now) then return isListed(fw, w) and 1 or 0 end
  drop(coll, id, fe, fx)
end
create(coll, id, now, 1, e, w, x, json)
return 1
`);

/** collection, id, now, version, 1 to keep the end, end, index entries, known indexes, JSON, id of the write, generation → 1 or 0 */
export const REPLACE: RedisScript = script(`
local coll, id, now, version, keeps, e, x, known, json, w = unpack(ARGV)
now = tonumber(now)
if isOver() then return ${OVER} end
if redis.call('HLEN', P .. 'indexes') ~= tonumber(known) then return ${UNKNOWN_INDEX} end
local found = redis.call('GET', keyOf(coll, id))
if not found then return 0 end
local fv, fe, s, fw, fx = parse(found)
if isDead(fe, now) then return 0 end
if fv ~= tonumber(version) then return isListed(fw, w) and 1 or 0 end
if keeps == '1' then e = fe elseif e == '' and fe ~= '' then redis.call('ZREM', P .. 'expiry', coll .. ':' .. id) end
local recent = string.match(fw, '^[^,]*,[^,]*') or fw
put(coll, id, now, fv + 1, e, s, w .. ',' .. recent, x, json)
if x ~= fx then
  unindex(coll, fx, id)
  index(coll, x, id, s)
end
return 1
`);

/** collection, id, now, id of the write, generation → 1 or 0 */
export const REMOVE: RedisScript = script(`
local coll, id, now, w = unpack(ARGV)
if isOver() then return ${OVER} end
local gone = P .. 'gone:' .. coll .. ':' .. id
local found = redis.call('GET', keyOf(coll, id))
if not found then return redis.call('GET', gone) == w and 1 or 0 end
local _, e, _, _, x = parse(found)
drop(coll, id, e, x)
if isDead(e, tonumber(now)) then return 0 end
redis.call('SET', gone, w, 'EX', 60)
return 1
`);

const PAGE_OF = `
local function pageOf(coll, list, found, most)
  local ids = {}
  for at = 1, #found, 2 do ids[#ids + 1] = found[at] end
  local page = documentsOf(ids, coll, { #ids == tonumber(most) and found[#found] or '' })
  -- What Redis has forgotten by itself leaves no word of what pointed to it, so that goes when somebody comes across it,
  -- unless nothing can be written right now: reading does without.
  if #page - 1 < 2 * #ids then
    local isThere = {}
    for at = 2, #page, 2 do isThere[page[at]] = true end
    for _, id in ipairs(ids) do if not isThere[id] then redis.pcall('ZREM', list, id) end end
  end
  return page
end
local function listOf(coll, entry) return entry and P .. 'idx:' .. coll .. ':' .. entry or P .. 'order:' .. coll end
local coll, from, most, entry = unpack(ARGV)
`;

/**
 * collection, after which sequence, how many, and an index entry where only those in it are wanted → the last sequence, or nothing
 * at the end, then id, document, id, document …
 */
export const PAGE: RedisScript = script(`${PAGE_OF}
local list = listOf(coll, entry)
return pageOf(coll, list, redis.call('ZRANGEBYSCORE', list, '(' .. from, '+inf', 'WITHSCORES', 'LIMIT', 0, most), most)
`);

/** The same backwards: before which sequence. */
export const PAGE_BACK: RedisScript = script(`${PAGE_OF}
local list = listOf(coll, entry)
return pageOf(coll, list, redis.call('ZREVRANGEBYSCORE', list, '(' .. from, '-inf', 'WITHSCORES', 'LIMIT', 0, most), most)
`);

/** → collection, number of lines, id, document … for each collection */
export const DUMP: RedisScript = script(
  `
local all = {}
for _, coll in ipairs(redis.call('SMEMBERS', P .. 'collections')) do
  all[#all + 1] = coll
  all[#all + 1] = documentsOf(redis.call('ZRANGE', P .. 'order:' .. coll, 0, -1), coll, {})
end
return all
`,
  { isLong: true },
);

/**
 * now, known indexes, the generation that is to be replaced (or nothing) and who knew it, how many stories; of each its journal, how many
 * entries, number and text of each of them; then collection, id, version, end, index entries, JSON of each document → the new generation
 */
export const REFILL: RedisScript = script(
  `
local over, filler = ARGV[3], ARGV[4]
if over ~= '' and (redis.call('GET', P .. 'generation') or '0') ~= over and redis.call('GET', P .. 'filler') ~= filler then
  return ${OVER}
end
if redis.call('HLEN', P .. 'indexes') ~= tonumber(ARGV[2]) then return ${UNKNOWN_INDEX} end
-- Whole keys, some hundred in one command: one by one out of everything that names them would take several times as long.
local function unlinkAll(keys)
  for from = 1, #keys, 1000 do redis.call('UNLINK', unpack(keys, from, math.min(from + 999, #keys))) end
end
local isIndex, keys = {}, {}
for _, coll in ipairs(redis.call('SMEMBERS', P .. 'collections')) do
  local ids = redis.call('ZRANGE', P .. 'order:' .. coll, 0, -1)
  for from = 1, #ids, 500 do
    local docs = {}
    for at = from, math.min(from + 499, #ids) do docs[#docs + 1] = keyOf(coll, ids[at]) end
    for at, doc in ipairs(redis.call('MGET', unpack(docs))) do
      local _, _, _, _, x = parse(doc or '')
      for entry in string.gmatch(x or '', '[^\\t]+') do
        local name = P .. 'idx:' .. coll .. ':' .. entry
        if not isIndex[name] then keys[#keys + 1] = name end
        isIndex[name] = true
      end
    end
    redis.call('UNLINK', unpack(docs))
  end
  redis.call('UNLINK', P .. 'order:' .. coll)
end
unlinkAll(keys)
redis.call('UNLINK', P .. 'collections', P .. 'expiry')
for _, name in ipairs(redis.call('SMEMBERS', P .. 'journals')) do
  redis.call('DEL', P .. 'journal:' .. name)
  redis.call('HSET', P .. 'journal:' .. name .. ':meta', 'characters', 0)
end
local at = 6
for _ = 1, tonumber(ARGV[5]) do
  local name, count = ARGV[at], tonumber(ARGV[at + 1])
  local stream, meta = P .. 'journal:' .. name, P .. 'journal:' .. name .. ':meta'
  local last, characters = tonumber(redis.call('HGET', meta, 'last') or 0), 0
  at = at + 2
  for _ = 1, count do
    redis.call('XADD', stream, ARGV[at] .. '-0', 'o', '', 's', 0, 't', ARGV[at + 1])
    characters = characters + #ARGV[at + 1]
    last = math.max(last, tonumber(ARGV[at]))
    at = at + 2
  end
  redis.call('SADD', P .. 'journals', name)
  redis.call('HSET', meta, 'characters', characters, 'last', string.format('%.0f', last))
end
for at = at, #ARGV, 6 do
  create(ARGV[at], ARGV[at + 1], tonumber(ARGV[1]), tonumber(ARGV[at + 2]), ARGV[at + 3], '', ARGV[at + 4], ARGV[at + 5])
end
redis.call('SET', P .. 'filler', filler)
return redis.call('INCR', P .. 'generation')
`,
  { isLong: true },
);

/** collection, known indexes, then id, version and index entries of each → 1. One that somebody has written meanwhile stays as it is. */
export const INDEX: RedisScript = script(`
local coll, known = unpack(ARGV, 1, 2)
if redis.call('HLEN', P .. 'indexes') ~= tonumber(known) then return ${UNKNOWN_INDEX} end
for word = 3, #ARGV, 3 do
  local id, version, x = unpack(ARGV, word, word + 2)
  local found = redis.call('GET', keyOf(coll, id))
  if found then
    local v, e, s, w, fx, at = parse(found)
    if v == tonumber(version) and x ~= fx then
      local head = string.format('%.0f', v) .. '\\n' .. e .. '\\n' .. s .. '\\n' .. w .. '\\n' .. x .. '\\n'
      redis.call('SET', keyOf(coll, id), head .. string.sub(found, at), 'KEEPTTL')
      unindex(coll, fx, id)
      index(coll, x, id, s)
    end
  end
end
return 1
`);

/** now, how many at most: forgets what has ended */
export const SWEEP: RedisScript = script(`
local now, most = unpack(ARGV)
local ended = redis.call('ZRANGEBYSCORE', P .. 'expiry', '-inf', now, 'LIMIT', 0, most)
for _, member in ipairs(ended) do
  local coll, id = string.match(member, '^([^:]*):(.*)$')
  local found = redis.call('GET', keyOf(coll, id))
  local e, x, _ = '', ''
  if found then _, e, _, _, x = parse(found) end
  if not found or isDead(e, tonumber(now)) then drop(coll, id, e, x) end
  redis.call('ZREM', P .. 'expiry', member)
end
return #ended
`);

const JOURNAL_NAMES = `
local name = ARGV[1]
local stream, meta = P .. 'journal:' .. name, P .. 'journal:' .. name .. ':meta'
`;

const JOURNAL = `${JOURNAL_NAMES}
local function add(number, origin, seq, text)
  redis.call('XADD', stream, string.format('%.0f', number) .. '-0', 'o', origin, 's', seq, 't', text)
  redis.call('HINCRBY', meta, 'characters', #text)
end
local function trim(mostEntries, mostCharacters)
  local length = redis.call('XLEN', stream)
  while length > 1 and (length > mostEntries or tonumber(redis.call('HGET', meta, 'characters') or 0) > mostCharacters) do
    local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', stream, oldest[1])
    redis.call('HINCRBY', meta, 'characters', -#oldest[2][6])
    length = length - 1
  end
end
redis.call('SADD', P .. 'journals', name)
`;

/**
 * name, most entries, most characters, origin, number of the first text there, the last number that is known, texts → the last number.
 * A server that came back with less than it had acknowledged has forgotten numbers that readers have seen already: they are not
 * given again, since nobody would be told of them.
 */
export const APPEND: RedisScript = script(`${JOURNAL}
local from = stream .. ':from:' .. ARGV[4]
local done = tonumber(redis.call('GET', from) or 0)
local seq = tonumber(ARGV[5])
local last = math.max(tonumber(redis.call('HGET', meta, 'last') or 0), tonumber(ARGV[6]))
for at = 7, #ARGV do
  if seq > done then
    last = last + 1
    add(last, ARGV[4], seq, ARGV[at])
  end
  seq = seq + 1
end
redis.call('HSET', meta, 'last', string.format('%.0f', last))
redis.call('SET', from, math.max(done, seq - 1), 'EX', 86400)
trim(tonumber(ARGV[2]), tonumber(ARGV[3]))
return { string.format('%.0f', last), tostring(done) }
`);

/** name, number: the next one is larger → the last number */
export const START_ABOVE: RedisScript = script(`${JOURNAL}
local last = tonumber(redis.call('HGET', meta, 'last') or 0)
if tonumber(ARGV[2]) > last then redis.call('HSET', meta, 'last', ARGV[2]) end
return redis.call('HGET', meta, 'last')
`);

/** name, most entries, most characters, then number and text of each entry, which take the place of all there are */
export const REFILL_JOURNAL: RedisScript = script(
  `${JOURNAL}
redis.call('DEL', stream)
redis.call('HSET', meta, 'characters', 0)
for at = 4, #ARGV, 2 do add(tonumber(ARGV[at]), '', 0, ARGV[at + 1]) end
trim(tonumber(ARGV[2]), tonumber(ARGV[3]))
return 1
`,
  { isLong: true },
);

/** name → the last number, and that of the newest entry. Writes nothing, so it answers where there is no room, too. */
export const STATE_OF_JOURNAL: RedisScript = script(`${JOURNAL_NAMES}
local newest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
return { redis.call('HGET', meta, 'last') or '0', newest and string.match(newest[1], '^%d+') or '0' }
`);
