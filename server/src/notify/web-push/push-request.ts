// RFC 8030 §5: what an application server may ask, read from the header fields of its POST.

/** A message as it was posted. */
export interface PushRequest {
  authorization: string | undefined;
  ttl: string | undefined;
  topic: string | undefined;
  urgency: string | undefined;
  contentEncoding: string | undefined;
  /** `too_large`: more than anybody may send; the rest was not read. */
  body: Uint8Array | 'too_large';
}

/** RFC 8030 §7.2: every push service takes 4096 octets. This one takes no more. */
export const LONGEST_BODY_BYTES = 4_096;
/** Mozilla keeps messages for 30 days, Google for 28. A shorter TTL than asked is allowed: RFC 8030 §5.2. */
const LONGEST_TTL_SECONDS = 28 * 24 * 60 * 60;
const URGENCIES = ['very-low', 'low', 'normal', 'high'];

export interface ReadMessage {
  ttlSeconds: number;
  topic?: string;
  body: Uint8Array;
}

export interface PushRequestRefusal {
  status: 400 | 413;
  reason: string;
}

export function readPushRequest(request: PushRequest): ReadMessage | PushRequestRefusal {
  const { ttl, topic, urgency, contentEncoding, body } = request;
  if (body === 'too_large') {
    return { status: 413, reason: `Received a body of more than ${LONGEST_BODY_BYTES} octets.` };
  }
  // RFC 8030 §5.2: without a TTL it is a bad request.
  if (ttl === undefined || !/^\d+$/.test(ttl)) {
    return { status: 400, reason: 'Expected the header TTL with a number of seconds.' };
  }
  // RFC 8030 §5.3: one value of four. Several arrive here joined by commas.
  if (urgency !== undefined && !URGENCIES.includes(urgency)) {
    return { status: 400, reason: `Expected one Urgency of ${URGENCIES.join(', ')}.` };
  }
  // RFC 8030 §5.4
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) {
    return { status: 400, reason: 'Expected a Topic of at most 32 characters of the base64url alphabet.' };
  }
  // RFC 8291 §4: the only content coding; browsers would drop anything else without a word.
  if (body.length > 0 && contentEncoding !== 'aes128gcm') {
    return { status: 400, reason: 'Expected Content-Encoding: aes128gcm (RFC 8291).' };
  }
  return {
    ttlSeconds: Math.min(Number(ttl), LONGEST_TTL_SECONDS),
    ...(topic === undefined ? {} : { topic }),
    body,
  };
}
