// What goes wrong on the wire: texts, JSON, tokens and details that no well-meant program sends, as arbitraries of fast-check.
import fc from 'fast-check';
import { unsecured } from '../client/jwt.ts';
import { ACCOUNT_ACCESS, PAYMENT } from '../lab/people.ts';

const FAMOUS = [
  '',
  ' ',
  '\u0000',
  '\r\nX-Injected: yes',
  '%',
  '%zz',
  '{}',
  '[]',
  'null',
  'true',
  '-1',
  '0',
  '1e309',
  'NaN',
  '9007199254740993',
  '__proto__',
  'constructor',
  'toString',
  'openid openid',
  'openid\toffline_access',
  '../../etc/passwd',
  'https://localhost:1/',
  'javascript:alert(1)',
  '<script>alert(1)</script>',
  '"; DROP TABLE users; --',
  '\ud800',
  '\u202e\u2066',
  '漢字 and 🦜',
  'a'.repeat(2_000),
  'é'.repeat(20_000),
  '['.repeat(5_000),
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
  `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`,
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1}}',
];

export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...FAMOUS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.webUrl() },
);

/** RFC 9396 §2, nearly. */
export const oddDetails: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc
        .tuple(
          fc.constantFrom<object>(PAYMENT, ACCOUNT_ACCESS, { type: 'urn:nobody:knows' }),
          fc.dictionary(
            fc.oneof(
              fc.constantFrom(
                'type',
                'actions',
                'locations',
                'instructedAmount',
                'creditorName',
                '__proto__',
              ),
              fc.string({ maxLength: 10 }),
            ),
            fc.jsonValue({ maxDepth: 3 }),
            { maxKeys: 4 },
          ),
        )
        .map(([good, changes]) => ({ ...good, ...changes })),
    ),
    { maxLength: 6 },
  )
  .map((details) => JSON.stringify(details));

/** Claims of a JWT, registered ones and others, of any kind. */
export const oddClaims: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      ...['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'scope', 'login_hint', 'binding_message'],
      ...[
        'requested_expiry',
        'authorization_details',
        'acr_values',
        'request_context',
        'request',
        'client_id',
      ],
      ...['htm', 'htu', 'ath', 'nonce'],
    ),
    fc.string({ maxLength: 10 }),
  ),
  fc.oneof(fc.jsonValue({ maxDepth: 3 }), oddText, fc.constant(undefined)),
  { maxKeys: 6 },
);

const oddHeader = fc.dictionary(
  fc.constantFrom('alg', 'typ', 'kid', 'jwk', 'jku', 'x5c', 'x5u', 'crit', 'b64', 'zip', 'enc'),
  fc.oneof(
    fc.constantFrom<unknown>(
      'none',
      'HS256',
      'RS256',
      'ES256',
      'PS256',
      'EdDSA',
      'JWT',
      'dpop+jwt',
      {},
      [],
      null,
    ),
    oddText,
  ),
  { maxKeys: 5 },
);

/** Something that looks like a JWT, or nearly. */
export const oddToken: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(oddClaims, oddHeader).map(([claims, header]) => unsecured(claims, header)),
  fc
    .tuple(oddClaims, oddHeader, fc.base64String({ maxLength: 90 }))
    .map(([claims, header, signature]) => unsecured(claims, header) + signature.replace(/[+/=]/g, '_')),
  fc
    .array(fc.base64String({ maxLength: 40 }), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join('.')),
  oddText,
);

/** What a header can hold: RFC 9110 §5.5. */
export const oddHeaderValue: fc.Arbitrary<string> = fc.oneof(
  fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 80,
  }),
  fc.constantFrom(
    'Basic',
    'Basic Og==',
    'Basic !!!',
    'Bearer',
    'Bearer a b',
    'DPoP x',
    'Digest a="b"',
    'x'.repeat(4_000),
  ),
);
